"""Charges that are still pending at the bank, because Omise did not expire them in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.money import Money
from storefront.payments.pending_charges import TIMED_METHODS
from storefront.payments.statuses import AttemptStatus
from storefront.payments.task_models import TaskKind

_ATTEMPTS, _PAYMENTS, _TASKS = tables.attempts, tables.payments, tables.tasks

#: The tasks that failed to find or to settle the result of an attempt.
_HAS_FAILED = and_(_TASKS.c.kind == TaskKind.RESOLVE_ATTEMPT, _TASKS.c.error.is_not(None))

#: The class of an error → what it means to staff.
MEANINGS = {
    "ChargeNotExpired": "Omise refuses to expire it",
    "OmiseRejected": "Omise refuses the request",
    "OmiseUnreachable": "Omise cannot be reached",
    "OmiseUnknown": "Omise gave no usable answer, so the result is not known",
    "OmiseUnreadable": "Omise gave no usable answer, so the result is not known",
}


@dataclass(frozen=True, slots=True)
class OverdueCharge:
    """A charge that should have been expired."""

    reference: str
    charge_id: str
    total: Money
    #: When its time was over.
    since: datetime
    reason: str


def is_overdue(now: datetime, timeout: timedelta) -> ColumnElement[bool]:
    """Whether the worker failed to expire the charge of an attempt."""
    attempt = _ATTEMPTS.c
    return and_(
        attempt.status == AttemptStatus.PENDING,
        attempt.created_at <= now - timeout,
        attempt.method.in_(sorted(TIMED_METHODS)),
        attempt.key.in_(select(_TASKS.c.subject).where(_HAS_FAILED)),
    )


def overdue_charges(
    database: Database, now: datetime, timeout: timedelta, *, reference: str | None = None
) -> list[OverdueCharge]:
    """The charges that the worker failed to expire, the oldest first.

    Args:
        database: of the payments.
        now: the time.
        timeout: how long a charge may be pending.
        reference: of the only payment to look at; None for all.
    """
    found = (
        select(_ATTEMPTS, _PAYMENTS.c.reference, _TASKS.c.error)
        .join(_PAYMENTS, _PAYMENTS.c.id == _ATTEMPTS.c.payment_id)
        .join(_TASKS, and_(_HAS_FAILED, _TASKS.c.subject == _ATTEMPTS.c.key))
        .where(is_overdue(now, timeout))
        .order_by(_ATTEMPTS.c.created_at)
    )
    if reference is not None:
        found = found.where(_PAYMENTS.c.reference == reference)
    with database.connect() as connection:
        rows = connection.execute(found).all()
    return [
        OverdueCharge(
            reference=row.reference,
            charge_id=row.charge_id,
            total=Money(row.amount, row.currency),
            since=row.created_at + timeout,
            reason=_in_words(row.error),
        )
        for row in rows
    ]


def _in_words(error: str) -> str:
    """An error of the worker, such as `OmiseUnknown: ReadTimeout`, in words."""
    name, _, detail = error.partition(": ")
    return f"{MEANINGS[name]} ({detail})" if name in MEANINGS else error
