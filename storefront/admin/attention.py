"""What needs attention: each kind with its count and the page that shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.engine import Connection

from storefront.admin.overdue_charges import is_overdue as is_overdue_at_bank
from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.event_models import EventStatus
from storefront.payments.statuses import UNDECIDED, AttemptStatus
from storefront.shop.models import Stock

#: How long a result may be unknown.
UNRESOLVED_AFTER = timedelta(minutes=10)

#: How long before an authorization expires it is mentioned.
LAPSES_WITHIN = timedelta(days=2)

#: How far back webhooks that were not processed are counted.
WEBHOOK_PERIOD = timedelta(days=2)

#: A stock level that is low.
LOW_STOCK = 3

_ATTEMPTS, _EVENTS, _STOCK = tables.attempts, tables.webhook_events, Stock.core()


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """Something for staff to look at."""

    label: str
    count: int
    #: The endpoint of the page that shows it, below `admin.`, and its arguments.
    endpoint: str
    arguments: dict[str, str]


def attention(
    database: Database, now: datetime, *, pending_timeout: timedelta
) -> list[AttentionItem]:
    """What needs attention now, the most urgent first."""
    with database.connect() as connection:
        items = [
            AttentionItem(label, _count(connection, table, condition), endpoint, arguments)
            for label, table, condition, endpoint, arguments in _conditions(now, pending_timeout)
        ]
    return [item for item in items if item.count]


def _count(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(table).where(condition)
    return int(connection.execute(found).scalar_one())


def _conditions(
    now: datetime, pending_timeout: timedelta
) -> Iterator[tuple[str, Table, ColumnElement[bool], str, dict[str, str]]]:
    """Label, table, condition, endpoint and arguments of each kind."""
    attempt, event = _ATTEMPTS.c, _EVENTS.c
    is_undecided = tables.disputes.c.status.in_(sorted(UNDECIDED))
    yield "Undecided disputes", tables.disputes, is_undecided, "tasks.index", {}
    is_unknown = attempt.status.in_([AttemptStatus.STARTED, AttemptStatus.UNKNOWN])
    is_overdue = is_unknown & (attempt.created_at < now - UNRESOLVED_AFTER)
    yield "Results unknown for over 10 minutes", _ATTEMPTS, is_overdue, "tasks.index", {}
    is_not_expired = is_overdue_at_bank(now, pending_timeout)
    yield "Charges that could not be expired", _ATTEMPTS, is_not_expired, "tasks.index", {}
    is_dead = tables.tasks.c.failed_at.is_not(None)
    yield "Failed tasks", tables.tasks, is_dead, "tasks.index", {}
    is_authorized = attempt.status == AttemptStatus.AUTHORIZED
    lapses = is_authorized & (attempt.expires_at < now + LAPSES_WITHIN)
    page = {"status": "authorized"}
    yield "Authorizations that expire within 2 days", _ATTEMPTS, lapses, "orders.index", page
    is_recent = event.received_at > now - WEBHOOK_PERIOD
    is_late = (event.status == EventStatus.RECEIVED) & (event.received_at < now - UNRESOLVED_AFTER)
    is_failed = is_recent & or_(event.status == EventStatus.UNMATCHED, is_late)
    yield "Webhooks not processed", _EVENTS, is_failed, "webhooks.index", {}
    yield "Products low in stock", _STOCK, _STOCK.c.available <= LOW_STOCK, "stock.index", {}
