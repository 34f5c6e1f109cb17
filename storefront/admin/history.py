"""The complete history of an order, as staff see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from storefront.admin.decline_reasons import decline_reason, in_words
from storefront.admin.models import AuditEntry
from storefront.payments import tables
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.money import Money
from storefront.payments.statuses import OperationType, PaymentStatus
from storefront.shop.models import Mail, Order


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to an order."""

    at: datetime
    event: str
    detail: str
    #: The status before and after, if it changed.
    change: tuple[PaymentStatus, PaymentStatus] | None = None


def order_history(session: Session, order: Order, payment: Payment) -> list[HistoryEntry]:
    """Everything that happened to an order, oldest first."""
    entries = chain(
        [HistoryEntry(order.created_at, "Order placed", order.number)],
        map(_attempt_entry, payment.attempts),
        _returns(payment),
        _disputes(session, payment),
        _transitions(session, payment),
        _webhooks(session, payment),
        _staff_actions(session, order),
        _mails(session, order),
    )
    return sorted(entries, key=lambda entry: entry.at)


def _attempt_entry(attempt: PaymentAttempt) -> HistoryEntry:
    money = Money(attempt.amount, attempt.currency).format("en")
    details = filter(
        None,
        (
            in_words(attempt.status),
            attempt.method if attempt.type == OperationType.CHARGE else attempt.reason,
            attempt.card_label,
            attempt.failure_code and _with_code(attempt.failure_code),
            attempt.merchant_advice,
            attempt.charge_id or attempt.refund_id,
            f"attempt {attempt.key}",
        ),
    )
    event = f"{attempt.type.capitalize()} of {money}"
    return HistoryEntry(attempt.created_at, event, ", ".join(details))


def _with_code(code: str) -> str:
    """A failure code in words, with the code itself for those who search for it."""
    return f"{decline_reason(code)} ({code})"


def _returns(payment: Payment) -> Iterator[HistoryEntry]:
    for attempt in payment.attempts:
        if attempt.returned_at:
            yield HistoryEntry(attempt.returned_at, "Shopper came back from the bank", "")


def _disputes(session: Session, payment: Payment) -> Iterator[HistoryEntry]:
    table = tables.disputes
    for row in session.execute(select(table).where(table.c.payment_id == payment.id)):
        money = Money(row.amount, row.currency).format("en")
        yield HistoryEntry(row.created_at, f"Dispute of {money}", f"{row.id}, {row.reason or ''}")
        if row.closed_at:
            yield HistoryEntry(row.closed_at, f"Dispute {row.status}", row.id)


def _transitions(session: Session, payment: Payment) -> Iterator[HistoryEntry]:
    table = tables.transitions
    for row in session.execute(select(table).where(table.c.payment_id == payment.id)):
        yield HistoryEntry(row.at, "", row.cause, (row.old, row.new))


def _webhooks(session: Session, payment: Payment) -> Iterator[HistoryEntry]:
    charge_ids = [attempt.charge_id for attempt in payment.attempts if attempt.charge_id]
    table = tables.webhook_events
    for row in session.execute(select(table).where(table.c.charge_id.in_(charge_ids))):
        detail = f"{row.id}, {in_words(row.status).lower()}"
        yield HistoryEntry(row.received_at, f"Webhook {row.key}", detail)


def _staff_actions(session: Session, order: Order) -> Iterator[HistoryEntry]:
    found = select(AuditEntry).where(AuditEntry.order_number == order.number)
    for row in session.scalars(found):
        yield HistoryEntry(row.at, f"{row.actor}: {row.action}", row.detail)


def _mails(session: Session, order: Order) -> Iterator[HistoryEntry]:
    for row in session.scalars(select(Mail).where(Mail.order_number == order.number)):
        yield HistoryEntry(row.sent_at, f"Mail: {row.subject}", row.recipient)
