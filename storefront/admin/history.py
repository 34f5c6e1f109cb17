"""The complete history of an order, as staff see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from storefront.admin.audit_rows import NamedId, audit_rows
from storefront.admin.decline_reasons import decline_reason, in_words
from storefront.admin.labels import webhook_label
from storefront.admin.models import AuditEntry
from storefront.payments import tables
from storefront.payments.methods import METHODS
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.money import Money
from storefront.payments.statuses import OperationType, PaymentStatus
from storefront.shop.models import Mail, Order


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to an order."""

    at: datetime
    event: str
    detail: str = ""
    #: The status before and after, if it changed.
    change: tuple[PaymentStatus, PaymentStatus] | None = None
    #: What the event is recorded by, here and at Omise.
    ids: tuple[NamedId, ...] = ()
    #: Who did it, if staff did.
    actor: str = ""


def order_history(session: Session, order: Order, payment: Payment) -> list[HistoryEntry]:
    """Everything that happened to an order, oldest first."""
    entries = chain(
        [HistoryEntry(order.created_at, "Order placed")],
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
    is_charge = attempt.type == OperationType.CHARGE
    details = filter(
        None,
        (
            in_words(attempt.status),
            attempt.card_label or (_method(attempt.method) if is_charge else ""),
            attempt.reason,
            attempt.failure_code and _with_code(attempt.failure_code),
            attempt.merchant_advice,
        ),
    )
    ids = [
        ("Charge", attempt.charge_id),
        ("Refund", attempt.refund_id),
        ("Attempt", attempt.key),
    ]
    return HistoryEntry(
        attempt.created_at,
        f"{attempt.type.capitalize()} of {money}",
        ", ".join(details),
        ids=tuple((name, each) for name, each in ids if each),
    )


def _method(name: str) -> str:
    """What the shop calls a payment method, in English."""
    return str(METHODS[name].label) if name in METHODS else name


def _with_code(code: str) -> str:
    """A failure code in words, with the code itself for those who search for it."""
    return f"{decline_reason(code)} ({code})"


def _returns(payment: Payment) -> Iterator[HistoryEntry]:
    for attempt in payment.attempts:
        if attempt.returned_at:
            yield HistoryEntry(attempt.returned_at, "Shopper came back from the bank")


def _disputes(session: Session, payment: Payment) -> Iterator[HistoryEntry]:
    table = tables.disputes
    for row in session.execute(select(table).where(table.c.payment_id == payment.id)):
        money = Money(row.amount, row.currency).format("en")
        ids = (("Dispute", row.id),)
        yield HistoryEntry(row.created_at, f"Dispute of {money}", row.reason or "", ids=ids)
        if row.closed_at:
            yield HistoryEntry(row.closed_at, f"Dispute {row.status}", ids=ids)


def _transitions(session: Session, payment: Payment) -> Iterator[HistoryEntry]:
    table = tables.transitions
    for row in session.execute(select(table).where(table.c.payment_id == payment.id)):
        charge_ids = {attempt.charge_id for attempt in payment.attempts}
        ids = (("Charge", row.cause),) if row.cause in charge_ids else ()
        detail = decline_reason(row.cause) if row.cause and not ids else ""
        yield HistoryEntry(row.at, "", detail, (row.old, row.new), ids)


def _webhooks(session: Session, payment: Payment) -> Iterator[HistoryEntry]:
    charge_ids = [attempt.charge_id for attempt in payment.attempts if attempt.charge_id]
    table = tables.webhook_events
    for row in session.execute(select(table).where(table.c.charge_id.in_(charge_ids))):
        event, ids = f"Webhook {row.key}", (("Webhook", row.id),)
        yield HistoryEntry(row.received_at, event, webhook_label(row.status), ids=ids)


def _staff_actions(session: Session, order: Order) -> Iterator[HistoryEntry]:
    found = select(AuditEntry).where(AuditEntry.order_number == order.number)
    for row in audit_rows(session, session.scalars(found)):
        yield HistoryEntry(row.at, row.action, row.detail, ids=row.ids, actor=row.actor)


def _mails(session: Session, order: Order) -> Iterator[HistoryEntry]:
    for row in session.scalars(select(Mail).where(Mail.order_number == order.number)):
        yield HistoryEntry(row.sent_at, f"Email: {row.subject}", row.recipient)
