"""Compares the status of a payment with its attempts. No I/O."""

from .models import Payment
from .statuses import SETTLED, AttemptStatus, PaymentStatus


def claims_other_status(payment: Payment) -> str | None:
    """The status that the attempts give a payment whose recorded status claims another.

    Both are written in one transaction, so only a write past the engine makes them differ.
    """
    funded = payment.funded_attempt
    if funded is None:
        return "not charged" if payment.status in SETTLED else None
    if funded.status == AttemptStatus.AUTHORIZED:
        status = PaymentStatus.AUTHORIZED
    elif not funded.kept_amount:
        status = PaymentStatus.REFUNDED
    elif funded.kept_amount < funded.captured_amount:
        status = PaymentStatus.PARTIALLY_REFUNDED
    else:
        status = PaymentStatus.PAID
    return status if status != payment.status else None
