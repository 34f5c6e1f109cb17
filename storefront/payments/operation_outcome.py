"""Reads from a charge what became of a capture, void or refund. No I/O."""

from .charge_comparison import attempt_key
from .models import Payment, PaymentAttempt
from .omise import Charge
from .statuses import AttemptStatus, OperationType


def funded_charge_id(payment: Payment) -> str:
    """The charge by which the payment is or was funded.

    Raises:
        LookupError: it has none.
    """
    newest_first = reversed(payment.attempts)  # a declined charge came before the funded one
    charges = (a for a in newest_first if a.type == OperationType.CHARGE and a.charge_id)
    latest = next((a for a in charges if a.status != AttemptStatus.SURPLUS), None)
    funded = payment.funded_attempt or latest
    if funded is None or funded.charge_id is None:
        raise LookupError(f"payment {payment.reference} has no charge")
    return funded.charge_id


def has_happened(attempt: PaymentAttempt, charge: Charge) -> bool:
    """Whether the charge shows that a capture or a void happened."""
    match attempt.type:
        case OperationType.CAPTURE:
            return charge.paid
        case OperationType.VOID:
            return charge.reversed
        case _:
            return False


def refund_id_of(attempt: PaymentAttempt, charge: Charge) -> str | None:
    """The refund that an attempt made, known by the attempt's key in its metadata."""
    made = (refund for refund in charge.refunds if attempt_key(refund) == attempt.key)
    return next((refund.id for refund in made), None)
