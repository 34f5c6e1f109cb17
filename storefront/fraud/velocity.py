"""The shield: who fails again and again has to wait, longer each time.

Thieves try stolen card numbers at shops, a thousand an hour, to learn which ones still work. So
declined cards are counted by whoever may stand behind them, and so are refused log-ins. Nothing is
kept in a process: the attempts of the ledger are the count, and `tries` has what is no attempt.
A try counts from its beginning, so that a thousand at once get no further than one by one.
"""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    TextClause,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storefront.errors import TooManyTries
from storefront.models import TRACES, Attempt, Try
from storefront.payments.database import Database, UtcDateTime
from storefront.payments.statuses import OPEN, AttemptKind, AttemptState

log = structlog.get_logger()

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

PAYING, LOGGING_IN, SIGNING_UP = "paying", "logging_in", "signing_up"

EVERYBODY = "everybody"

#: The name of a count: of cards that were declined too often.
WORN_CARDS = "worn_cards"


@dataclass(frozen=True, slots=True)
class Traces:
    """What is known of whoever tries something; what is not known is None."""

    account: str | None = None
    session_key: str | None = None
    network: str | None = None
    email: str | None = None
    card: str | None = None


class CardUnseen(Exception):
    """Some cards may not be tried, and nobody has looked yet whether this is one of them."""


class Limit(NamedTuple):
    """How many failures within a window are free, and the pause after the next, which doubles."""

    free: int
    window: timedelta = HOUR
    pause: timedelta = MINUTE
    longest: timedelta = HOUR


#: For each purpose, by whom it is counted and how much is borne.
LIMITS: dict[str, dict[str, Limit]] = {
    PAYING: {
        "account": Limit(8),
        "session_key": Limit(8),
        "network": Limit(30),
        "email": Limit(30),
        "card": Limit(30),
        # When everybody together is declined so often it is an attack; the pause stays short,
        # because it holds up honest shoppers as well.
        EVERYBODY: Limit(150, 10 * MINUTE, timedelta(seconds=15), 2 * MINUTE),
    },
    LOGGING_IN: {
        "network": Limit(60, 15 * MINUTE),
        "email": Limit(10, 15 * MINUTE, longest=15 * MINUTE),
        "session_key": Limit(10, 15 * MINUTE),
    },
    SIGNING_UP: {"network": Limit(30), "session_key": Limit(10)},
}

#: What is older counts for nothing, and is not kept.
MEMORY = max(limit.window for limits in LIMITS.values() for limit in limits.values())

#: As how many tries to sign up one counts whose address has an account: that it has one cannot be
#: hidden from whoever asks, but asking about many takes long.
A_TAKEN_ADDRESS = 3

#: Codes of payments that failed for reasons that tell nothing of the card.
FORGIVEN = (
    "authentication_failure",
    "card_not_saved",
    "never_arrived",
    "not_found",
    "payment_cancelled",
    "timeout",
    "token_expired",
    "token_not_found",
    "too_many_requests",
    "unreachable",
    "used_token",
)


def network_of(address: str | None) -> str | None:
    """The network of a visitor: what one provider gives to one customer, more or less.

    An address that is not of the public internet says nothing of who is behind it (a proxy, a
    colleague, this very machine), so it counts for nobody.
    """
    try:
        visitor = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    visitor = getattr(visitor, "ipv4_mapped", None) or visitor  # as a socket for both shows it
    if not visitor.is_global:
        return None
    length = 24 if visitor.version == 4 else 64
    return str(ipaddress.ip_network(f"{visitor}/{length}", strict=False))


class Shield:
    """Counts what failed, and says when somebody has to wait.

    Args:
        database: where attempts and tries are.
        now: the time.
        scale: by how much all limits are multiplied; more than 1 only for load tests.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime], scale: int = 1) -> None:
        self._database = database
        self._now = now
        self._scale = scale

    def check(
        self, session: Session, purpose: str, traces: Traces, *, has_seen_card: bool = True
    ) -> None:
        """Say nothing when whoever left these traces may try.

        Raises:
            TooManyTries: when they have to wait.
            CardUnseen: when nobody has seen the card, and some cards may not be tried.
        """
        known = asdict(traces)
        self._database.queue_up(session, [f"{n} {value}" for n, value in known.items() if value])
        counts = self._counts(session, purpose, known)
        for name, limit in LIMITS[purpose].items():
            count, last = counts.get(name, (0, None))
            over = count - limit.free * self._scale
            if over < 0 or last is None or not (known.get(name) or name == EVERYBODY):
                continue
            pause = min(limit.pause * 2 ** min(over, 20), limit.longest)
            if (wait := last + pause - self._now()) > timedelta(0):
                log.warning("shield_closed", purpose=purpose, by=name, failures=count)
                raise TooManyTries(wait)
        if WORN_CARDS in counts and not has_seen_card:
            raise CardUnseen

    @contextmanager
    def watching(self, purpose: str, traces: Traces) -> Iterator[None]:
        """Let somebody try what is no payment: counted as a failure until it has succeeded.

        Raises:
            TooManyTries: when they have to wait.
        """
        tried = Try(purpose=purpose, created_at=self._now(), failed=True, **asdict(traces))
        with self._database.write_session() as session:
            self.check(session, purpose, traces)
            self._database.forget(session, Try.id, Try.created_at <= self._now() - MEMORY)
            session.add(tried)
        yield
        if purpose != SIGNING_UP:  # opening accounts is what is limited, not failing to
            with self._database.write_session() as session:
                session.execute(update(Try).where(Try.id == tried.id).values(failed=False))

    def count_more(self, purpose: str, traces: Traces, times: int) -> None:
        """Count failures that weigh more than the one try that they were."""
        tries = [
            Try(purpose=purpose, created_at=self._now(), failed=True, **asdict(traces))
            for _ in range(times)
        ]
        with self._database.write_session() as session:
            session.add_all(tries)

    def failures(self, *, since: datetime) -> int:
        """How many payments by card failed since then, for a metric."""
        failed = select(func.count()).where(_ATTEMPT.created_at > since, FAILED_PAYMENT)
        with self._database.read_session() as session:
            return session.scalar(failed) or 0

    def _counts(
        self, session: Session, purpose: str, known: dict[str, Any]
    ) -> dict[str, tuple[int, datetime]]:
        """How often each failed and when last, of those that did."""
        limits = LIMITS[purpose]
        asked: dict[str, Any] = {
            f"{name}_since": self._now() - limit.window for name, limit in limits.items()
        }
        if purpose == PAYING:
            asked["worn_after"] = limits["card"].free * self._scale
        counts: dict[str, tuple[int, datetime]] = {}
        for name, count, last in session.execute(COUNTS[purpose], {**known, **asked}):
            if count:
                before, at = counts.get(name, (0, last))
                counts[name] = (before + count, max(at, last))
        return counts


def _fixed(condition: ColumnElement[bool]) -> TextClause:
    """A condition with its values written out, so that none of them is bound for each question."""
    return text(str(condition.compile(compile_kwargs={"literal_binds": True})))


_TRY, _ATTEMPT = Try.core().c, Attempt.core().c

_ENDED_BADLY = (AttemptState.DECLINED, AttemptState.REFUSED)

#: An attempt that was a card and failed, or may yet turn out to have failed. By their index, those
#: that succeeded are not looked at.
FAILED_PAYMENT = _fixed(
    and_(
        _ATTEMPT.kind == AttemptKind.CHARGE,
        _ATTEMPT.method == "card",
        _ATTEMPT.state.in_((*OPEN, *_ENDED_BADLY)),
        or_(_ATTEMPT.state.in_(OPEN), _ATTEMPT.failure_code.not_in(FORGIVEN)),
    )
)


def _since(name: str) -> BindParameter[datetime]:
    return bindparam(f"{name}_since", type_=Utc())


def _count(
    table: ReadOnlyColumnCollection[str, Column[Any]], name: str, failed: TextClause
) -> Select[Any, Any, Any]:
    """How often whoever has that trace failed, and when last."""
    whose = [table[name] == bindparam(name)] if name in TRACES else []
    last = func.max(table.created_at, type_=Utc())
    counted: Select[Any, Any, Any] = select(literal_column(f"'{name}'"), func.count(), last)
    return counted.where(*whose, table.created_at > _since(name), failed)


def _worn_cards() -> Select[Any, Any, Any]:
    """How many cards were declined so often that the next one must be seen before it is tried."""
    last = func.max(_ATTEMPT.created_at, type_=Utc()).label("last")
    worn = (
        select(last)
        .where(_ATTEMPT.card.is_not(None), _ATTEMPT.created_at > _since("card"), FAILED_PAYMENT)
        .group_by(_ATTEMPT.card)
        .having(func.count() >= bindparam("worn_after"))
        .subquery()
    )
    return select(literal_column(f"'{WORN_CARDS}'"), func.count(), func.max(worn.c.last))


def _counts_for(purpose: str) -> CompoundSelect[Any]:
    """One question for all that is counted for a purpose."""
    failed_try = _fixed(and_(_TRY.purpose == purpose, _TRY.failed != false()))
    parts = [_count(_TRY, name, failed_try) for name in LIMITS[purpose]]
    if purpose == PAYING:
        parts += [_count(_ATTEMPT, name, FAILED_PAYMENT) for name in LIMITS[purpose]]
        parts += [_worn_cards()]
    return union_all(*parts)


#: The questions, put together once.
COUNTS = {purpose: _counts_for(purpose) for purpose in LIMITS}
