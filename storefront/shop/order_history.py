"""What has happened to an order, event by event, as its page shows it to the shopper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.money import Money
from storefront.payments.statuses import FAILED, AttemptStatus, OperationType


class OrderEvent(StrEnum):
    """What can happen to an order that its buyer cares about."""

    PLACED = "placed"
    CONFIRMATION_REQUESTED = "confirmation_requested"
    RETURNED = "returned"
    FAILED = "failed"
    AUTHORIZED = "authorized"
    PAID = "paid"
    VOIDED = "voided"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event, when it happened, and the amount."""

    event: OrderEvent
    at: datetime
    amount: Money


#: Operations that return money.
RETURNS = {
    OperationType.VOID: OrderEvent.VOIDED,
    OperationType.REFUND: OrderEvent.REFUNDED,
}


def order_history(payment: Payment) -> list[HistoryEntry]:
    """The events of an order so far, the oldest first."""
    return sorted(_entries(payment), key=lambda entry: entry.at)


def _entries(payment: Payment) -> Iterator[HistoryEntry]:
    yield HistoryEntry(OrderEvent.PLACED, payment.created_at, payment.total)
    authorized = set(_authorized(payment))
    for attempt in payment.attempts:
        if attempt.type == OperationType.CHARGE:
            yield from _of_charge(attempt, was_authorized=attempt.key in authorized)
        elif attempt.status == AttemptStatus.SUCCEEDED and attempt.type in RETURNS:
            amount = Money(attempt.amount, attempt.currency)
            yield HistoryEntry(RETURNS[attempt.type], attempt.created_at, amount)
    if payment.paid_at:
        yield HistoryEntry(OrderEvent.PAID, payment.paid_at, payment.total)


def _authorized(payment: Payment) -> Iterator[str]:
    """The keys of the charges that were authorized once: the charge before a capture or a void."""
    charge = None
    for attempt in payment.attempts:
        if attempt.type == OperationType.CHARGE:
            charge = attempt if attempt.charge_id else charge
        elif charge and attempt.type in {OperationType.CAPTURE, OperationType.VOID}:
            yield charge.key


def _of_charge(attempt: PaymentAttempt, *, was_authorized: bool) -> Iterator[HistoryEntry]:
    """The shopper is asked to confirm a charge, and returns."""
    amount = Money(attempt.amount, attempt.currency)
    if attempt.returned_at or attempt.status == AttemptStatus.PENDING:
        yield HistoryEntry(OrderEvent.CONFIRMATION_REQUESTED, attempt.created_at, amount)
    if attempt.returned_at:
        yield HistoryEntry(OrderEvent.RETURNED, attempt.returned_at, amount)
    answered_at = attempt.returned_at or attempt.created_at
    if was_authorized or attempt.status == AttemptStatus.AUTHORIZED:
        yield HistoryEntry(OrderEvent.AUTHORIZED, answered_at, amount)
    elif attempt.status in FAILED:
        yield HistoryEntry(OrderEvent.FAILED, answered_at, amount)
