"""What the back office looks at: orders, their timelines, the day, events, mails, who did what.

Lists are read by the index, page by page from the newest back, so that they stay quick however many
orders there are. Nothing here moves money: see money_moves.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Generic, TypeVar

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import lazyload

from storefront.errors import UnknownOrder
from storefront.models import Attempt, AuditEntry, Mail, Order, OrderMove, WebhookEvent
from storefront.payments.database import Database
from storefront.payments.money import Money
from storefront.payments.statuses import AttemptKind, AttemptState, OrderStatus

T = TypeVar("T")

#: Rows on a page.
PAGE = 25


@dataclass(frozen=True, slots=True)
class Search:
    """Which orders are looked for."""

    status: OrderStatus | None = None
    #: The number of an order, an email or the id of a charge.
    words: str = ""
    since: date | None = None
    until: date | None = None
    #: Only those that are older than the one with this id, for the next page.
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows, the newest first, and where the next ones begin."""

    rows: list[T]
    #: What the next page is asked for with: an id, or a time. Never a long number, which might be
    #: taken for that of a card.
    next_before: int | str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to an order."""

    at: datetime
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sum:
    """The orders of a day in one status and currency."""

    status: OrderStatus
    count: int
    total: Money


@dataclass(frozen=True, slots=True)
class Hour:
    """The payments that were begun in an hour of a day (UTC)."""

    hour: int
    paid: int
    failed: int


class BackOffice:
    """The views of the back office."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    # Orders

    def orders(self, search: Search) -> Page[Order]:
        """The orders that are looked for."""
        found = select(Order).options(lazyload(Order.lines), lazyload(Order.attempts))
        if search.status:
            found = found.where(Order.status == search.status)
        if search.words:
            found = found.where(Order.id.in_(_named(search.words)))
        if search.since:
            found = found.where(Order.created_at >= _start_of(search.since))
        if search.until:
            found = found.where(Order.created_at < _start_of(search.until) + timedelta(days=1))
        newest_first = found.order_by(Order.created_at.desc(), Order.id.desc()).limit(PAGE + 1)
        with self._database.read_session() as session:
            if search.before:
                last = session.scalar(select(Order.created_at).where(Order.id == search.before))
                is_older = or_(Order.created_at < last, Order.id < search.before)
                newest_first = newest_first.where(Order.created_at <= last, is_older)
            rows = list(session.scalars(newest_first))
        return _page(rows, [order.id for order in rows])

    def timeline(self, order: Order) -> list[Moment]:
        """Everything that happened to an order, the oldest first."""
        charges = [a.charge_id for a in order.attempts if a.charge_id]
        with self._database.read_session() as session:
            moves = session.scalars(select(OrderMove).where(OrderMove.order_id == order.id)).all()
            about = WebhookEvent.charge_id.in_(charges)
            events = session.scalars(select(WebhookEvent).where(about)).all()
            mine = AuditEntry.order_number == order.number
            entries = session.scalars(select(AuditEntry).where(mine)).all()
            mails = session.scalars(select(Mail).where(Mail.order_number == order.number)).all()
        moments = chain(
            [Moment(order.created_at, "Order placed", order.number)],
            (_about_attempt(attempt) for attempt in order.attempts),
            (
                Moment(a.returned_at, "Shopper came back from the bank", "")
                for a in order.attempts
                if a.returned_at
            ),
            (Moment(move.at, f"{move.old} → {move.new}", move.cause) for move in moves),
            (Moment(e.received_at, f"Webhook {e.key}", f"{e.id}, {e.state}") for e in events),
            (Moment(e.at, f"{e.person}: {e.action}", e.detail) for e in entries),
            (Moment(mail.sent_at, f"Mail: {mail.subject}", mail.recipient) for mail in mails),
        )
        return sorted(moments, key=lambda moment: moment.at)

    # The day

    def sums(self, day: date) -> list[Sum]:
        """The orders of a day (UTC), by status and currency."""
        amount = func.sum(Order.amount)
        grouped = select(Order.status, Order.currency, func.count(), amount).where(
            Order.created_at >= _start_of(day), Order.created_at < _end_of(day)
        )
        grouped = grouped.group_by(Order.status, Order.currency)
        with self._database.read_session() as session:
            rows = session.execute(grouped.order_by(Order.currency, Order.status)).all()
        return [
            Sum(status, count, Money(int(total), currency))
            for status, currency, count, total in rows
        ]

    def hours(self, day: date) -> list[Hour]:
        """The payments of each hour of a day (UTC)."""
        paid, failed = [0] * 24, [0] * 24
        for at, state in self._payments_of(day):
            counts = paid if state in (AttemptState.SUCCEEDED, AttemptState.AUTHORIZED) else failed
            counts[at.hour] += 1
        return [Hour(hour, paid[hour], failed[hour]) for hour in range(24)]

    def _payments_of(self, day: date) -> list[tuple[datetime, AttemptState]]:
        ended = (*FAILED, AttemptState.SUCCEEDED, AttemptState.AUTHORIZED)
        found = select(Attempt.created_at, Attempt.state).where(
            Attempt.created_at >= _start_of(day),
            Attempt.created_at < _end_of(day),
            Attempt.kind == AttemptKind.CHARGE,
            Attempt.state.in_(ended),
        )
        with self._database.read_session() as session:
            return [(at, state) for at, state in session.execute(found)]

    def decline_reasons(self, day: date) -> list[tuple[str, int]]:
        """Why payments of a day failed, the most frequent first."""
        count = func.count()
        found = (
            select(Attempt.failure_code, count)
            .where(
                Attempt.created_at >= _start_of(day),
                Attempt.created_at < _end_of(day),
                Attempt.kind == AttemptKind.CHARGE,
                Attempt.state.in_(FAILED),
            )
            .group_by(Attempt.failure_code)
            .order_by(count.desc())
        )
        with self._database.read_session() as session:
            return [(code or "unspecified", number) for code, number in session.execute(found)]

    # Other lists

    def events(self, before: datetime | None = None) -> Page[WebhookEvent]:
        """The webhooks that were kept."""
        found = select(WebhookEvent).order_by(WebhookEvent.received_at.desc()).limit(PAGE + 1)
        if before:
            found = found.where(WebhookEvent.received_at < before)
        with self._database.read_session() as session:
            rows = list(session.scalars(found))
        return _page(rows, [row.received_at.isoformat() for row in rows])

    def mails(self, before: int | None = None) -> Page[Mail]:
        """The mails that were sent."""
        found = select(Mail).order_by(Mail.id.desc()).limit(PAGE + 1)
        if before:
            found = found.where(Mail.id < before)
        with self._database.read_session() as session:
            rows = list(session.scalars(found))
        return _page(rows, [row.id for row in rows])

    def mail(self, mail_id: int) -> Mail:
        """One mail that was sent.

        Raises:
            UnknownOrder: when there is none of that id.
        """
        with self._database.read_session() as session:
            mail = session.get(Mail, mail_id)
        if mail is None:
            raise UnknownOrder(str(mail_id))
        return mail

    # Who did what

    def note(self, person: str, action: str, *, order: str | None = None, detail: str = "") -> None:
        """Write down what somebody is about to do."""
        with self._database.write_session() as session:
            session.add(
                AuditEntry(
                    at=self._now(), person=person, action=action, order_number=order, detail=detail
                )
            )

    def audit(self, before: int | None = None) -> Page[AuditEntry]:
        """Who did what."""
        found = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
        if before:
            found = found.where(AuditEntry.id < before)
        with self._database.read_session() as session:
            rows = list(session.scalars(found))
        return _page(rows, [row.id for row in rows])


#: Attempts that came to nothing.
FAILED = (AttemptState.DECLINED, AttemptState.REFUSED)


def _named(words: str) -> Select[tuple[int]]:
    """The orders to which the words belong, each found by its own index."""
    return select(
        union(
            select(Order.id).where(Order.number == words.upper()),
            select(Order.id).where(Order.email == words.lower()),
            select(Attempt.order_id).where(Attempt.charge_id == words),
        ).subquery()
    )


def _about_attempt(attempt: Attempt) -> Moment:
    money = Money(attempt.amount, attempt.currency).format("en")
    parts = filter(
        None,
        (
            attempt.state,
            attempt.method if attempt.kind == AttemptKind.CHARGE else attempt.reason,
            attempt.card_label,
            attempt.failure_code,
            attempt.charge_id or attempt.refund_id,
            f"attempt {attempt.key}",
        ),
    )
    return Moment(attempt.created_at, f"Attempt to {attempt.kind} {money}", ", ".join(parts))


def _page(rows: list[T], keys: Sequence[int | str]) -> Page[T]:
    more = len(rows) > PAGE
    return Page(rows[:PAGE], keys[PAGE - 1] if more else None)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _end_of(day: date) -> datetime:
    return _start_of(day) + timedelta(days=1)
