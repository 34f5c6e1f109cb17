"""Queries of the admin pages: orders, the figures of a day, webhooks, mails.

Nothing here moves money: see storefront/payments/operations.py.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import lazyload

from storefront.admin.attention import AttentionItem, attention
from storefront.admin.figures import Headline, headline
from storefront.admin.history import HistoryEntry, order_history
from storefront.admin.order_list import OrderRow, order_rows
from storefront.admin.overdue_charges import OverdueCharge, overdue_charges
from storefront.admin.pagination import PAGE_SIZE, Page, newest_first
from storefront.admin.subjects import Subject, subjects_of
from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.event_models import WebhookEvent
from storefront.payments.models import Payment
from storefront.payments.money import Money
from storefront.payments.statuses import FAILED, FUNDED, AttemptStatus, OperationType, PaymentStatus
from storefront.shop.models import Mail, Order

_ATTEMPTS, _EVENTS, _PAYMENTS = tables.attempts.c, tables.webhook_events, tables.payments.c

#: An attempt that waits for a shopper is pending; these wait for Omise alone.
NOT_KNOWN = (AttemptStatus.STARTED, AttemptStatus.UNKNOWN)


#: How many orders a search counts, and how many an export has.
MAX_COUNTED, MAX_EXPORTED = 10_000, 10_000

#: How many digits of a card number are known.
LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class OrderSearch:
    """The filter of the list of orders."""

    status: PaymentStatus | None = None
    #: The number of an order, an email, a name, the id of a charge, or the last digits of a card.
    query: str = ""
    since: date | None = None
    until: date | None = None
    #: Only orders older than the one with this id, for the next page.
    before: int | None = None


@dataclass(frozen=True, slots=True)
class DailyTotal:
    """The orders of a day in one status and currency."""

    status: PaymentStatus
    count: int
    total: Money


@dataclass(frozen=True, slots=True)
class HourlyCount:
    """The payments that started in one hour of a day."""

    hour: int
    succeeded: int
    failed: int


class AdminQueries:
    """What the admin pages show; a day is one of the shop's time zone."""

    def __init__(
        self, database: Database, *, timezone: ZoneInfo, pending_timeout: timedelta
    ) -> None:
        self._database = database
        self._timezone = timezone
        self._pending_timeout = pending_timeout

    def orders(self, search: OrderSearch) -> Page[OrderRow]:
        """One page of the orders that match a search."""
        with self._database.read_session() as session:
            page: Page[Order] = newest_first(
                session,
                self._found(search),
                time=Order.created_at,
                key=Order.id,
                before=search.before,
            )
            return Page(order_rows(session, page.rows), page.next_before)

    def all_orders(self, search: OrderSearch) -> Iterator[OrderRow]:
        """The orders that match a search, newest first, page by page; at most MAX_EXPORTED."""
        page = self.orders(search)
        yield from page.rows
        count = len(page.rows)
        while page.next_before and count < MAX_EXPORTED:
            page = self.orders(replace(search, before=int(page.next_before)))
            yield from page.rows
            count += len(page.rows)

    def count_orders(self, search: OrderSearch) -> int:
        """How many orders match a search; counts to MAX_COUNTED at most."""
        found = self._found(search).with_only_columns(Order.id).limit(MAX_COUNTED).subquery()
        with self._database.read_session() as session:
            return session.scalar(select(func.count()).select_from(found)) or 0

    def _found(self, search: OrderSearch) -> Select[Order]:
        found = select(Order).options(lazyload(Order.lines))
        if search.status:
            found = found.where(Order.status == search.status)
        if search.query:
            found = found.where(Order.id.in_(_order_ids(search.query)))
        if search.since:
            found = found.where(Order.created_at >= self._start_of(search.since))
        if search.until:
            found = found.where(Order.created_at < self._end_of(search.until))
        return found

    def order_history(self, order: Order, payment: Payment) -> list[HistoryEntry]:
        """Everything that happened to an order, oldest first."""
        with self._database.read_session() as session:
            return order_history(session, order, payment)

    def headline(self, day: date, currency: str) -> Headline:
        """The headline figures of a day."""
        return headline(self._database, self._start_of(day), self._end_of(day), currency)

    def attention(self, now: datetime) -> list[AttentionItem]:
        """What needs attention now, the most urgent first."""
        return attention(self._database, now, pending_timeout=self._pending_timeout)

    def overdue_charges(self, now: datetime, reference: str | None = None) -> list[OverdueCharge]:
        """The charges that Omise did not expire in time: of one payment, or of all."""
        return overdue_charges(self._database, now, self._pending_timeout, reference=reference)

    def order_number_of(self, id_: str) -> str | None:
        """The number of the order behind an id; None if there is none."""
        return self.subjects({id_})[id_].order_number

    def subjects(self, ids: Collection[str]) -> dict[str, Subject]:
        """The order and the charge behind each id."""
        with self._database.read_session() as session:
            return subjects_of(session, ids)

    def daily_totals(self, day: date) -> list[DailyTotal]:
        """The orders of a day, by status and currency."""
        amount = func.sum(Order.amount)
        grouped = (
            select(Order.status, Order.currency, func.count(), amount)
            .where(Order.created_at >= self._start_of(day), Order.created_at < self._end_of(day))
            .group_by(Order.status, Order.currency)
            .order_by(Order.currency, Order.status)
        )
        with self._database.read_session() as session:
            rows = session.execute(grouped).all()
        return [
            DailyTotal(status, count, Money(int(total), currency))
            for status, currency, count, total in rows
        ]

    def hourly_counts(self, day: date) -> list[HourlyCount]:
        """The payments of each hour of a day."""
        ended = self._charges_of(day, FUNDED | FAILED)
        succeeded, failed = [0] * 24, [0] * 24
        with self._database.read_session() as session:
            rows = session.execute(ended.with_only_columns(_ATTEMPTS.created_at, _ATTEMPTS.status))
            for at, status in rows:
                counts = succeeded if status in FUNDED else failed
                counts[at.astimezone(self._timezone).hour] += 1
        return [HourlyCount(hour, succeeded[hour], failed[hour]) for hour in range(24)]

    def decline_reasons(self, day: date) -> list[tuple[str, int]]:
        """The failure codes of a day's payments with their counts, most frequent first."""
        count = func.count()
        failed = self._charges_of(day, FAILED).with_only_columns(_ATTEMPTS.failure_code, count)
        grouped = failed.group_by(_ATTEMPTS.failure_code).order_by(count.desc())
        with self._database.read_session() as session:
            return [(code or "unspecified", number) for code, number in session.execute(grouped)]

    def webhook_events(self, before: str | None = None) -> Page[WebhookEvent]:
        """One page of the webhooks received."""
        with self._database.read_session() as session:
            return newest_first(
                session,
                select(_EVENTS),
                time=_EVENTS.c.received_at,
                key=_EVENTS.c.id,
                before=before,
                build=lambda row: WebhookEvent(**row._mapping),
            )

    def overdue_attempts(self, before: datetime) -> list[Any]:
        """The attempts opened before a time whose result is still not known, the oldest first."""
        found = (
            select(_ATTEMPTS.type, _ATTEMPTS.status, _ATTEMPTS.created_at, _PAYMENTS.reference)
            .join(tables.payments, _PAYMENTS.id == _ATTEMPTS.payment_id)
            .where(_ATTEMPTS.status.in_(NOT_KNOWN), _ATTEMPTS.created_at < before)
            .order_by(_ATTEMPTS.created_at)
            .limit(PAGE_SIZE)
        )
        with self._database.connect() as connection:
            return list(connection.execute(found))

    def mails(self, before: int | None = None) -> Page[Mail]:
        """One page of the mails sent."""
        with self._database.read_session() as session:
            return newest_first(
                session, select(Mail), time=Mail.sent_at, key=Mail.id, before=before
            )

    def mail(self, mail_id: int) -> Mail | None:
        """The mail with this id, if there is one."""
        with self._database.read_session() as session:
            return session.get(Mail, mail_id)

    def _charges_of(self, day: date, statuses: frozenset[AttemptStatus]) -> Select[Any]:
        """The attempts to charge of a day that are in one of the statuses."""
        return select(tables.attempts).where(
            _ATTEMPTS.created_at >= self._start_of(day),
            _ATTEMPTS.created_at < self._end_of(day),
            _ATTEMPTS.type == OperationType.CHARGE,
            _ATTEMPTS.status.in_(sorted(statuses)),
        )

    def _start_of(self, day: date) -> datetime:
        """When a day begins in the shop's time zone."""
        return datetime.combine(day, time(), self._timezone).astimezone(UTC)

    def _end_of(self, day: date) -> datetime:
        return self._start_of(day + timedelta(days=1))


def _is_of_attempt(query: str) -> ColumnElement[bool]:
    """Whether an attempt has the charge, or the last digits of the card, of a query."""
    is_digits = query.isascii() and query.isdecimal() and len(query) == LAST_DIGITS
    column = _ATTEMPTS.card_last_digits if is_digits else _ATTEMPTS.charge_id
    return column == query


def _order_ids(query: str) -> Select[int]:
    """The ids of the orders that a query names.

    Each condition uses its own index, but for the name: part of it is enough.
    """
    return select(
        union(
            select(Order.id).where(Order.number == query.upper()),
            select(Order.id).where(Order.email == query.lower()),
            select(Order.id).where(Order.shipping_name.icontains(query, autoescape=True)),
            select(Order.id)
            .join(tables.payments, _PAYMENTS.reference == Order.number)
            .join(tables.attempts, _ATTEMPTS.payment_id == _PAYMENTS.id)
            .where(_is_of_attempt(query)),
        ).subquery()
    )
