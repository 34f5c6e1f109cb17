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
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from .database import Database, Utc
from .errors import TooManyTries
from .models import TRACES, Attempt, Traced, Try
from .orders import OPEN, AttemptKind, AttemptState

log = structlog.get_logger()

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

PAYING, LOGGING_IN, SIGNING_UP = "paying", "logging_in", "signing_up"

EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Traces:
    """What is known of whoever tries something; what is not known is None."""

    account: str | None = None
    session_key: str | None = None
    network: str | None = None
    email: str | None = None
    card: str | None = None


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

    def check(self, session: Session, purpose: str, traces: Traces) -> None:
        """Say nothing when whoever left these traces may try.

        Raises:
            TooManyTries: when they have to wait.
        """
        known = asdict(traces)
        self._database.queue_up(session, (f"{n} {value}" for n, value in known.items() if value))
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

    def check_card(self, fingerprint_of: Callable[[], str | None]) -> None:
        """Say nothing when the card may be tried; it is looked up only while some card may not.

        Raises:
            TooManyTries: when it has been declined too often.
        """
        limit = LIMITS[PAYING]["card"]
        asked = {"since": self._now() - limit.window, "least": limit.free * self._scale}
        with self._database.reading() as session:
            if not session.scalars(WORN_CARDS, asked).first():
                return
            self.check(session, PAYING, Traces(card=fingerprint_of()))

    @contextmanager
    def watching(self, purpose: str, traces: Traces) -> Iterator[None]:
        """Let somebody try what is no payment: counted as a failure until it has succeeded.

        Raises:
            TooManyTries: when they have to wait.
        """
        tried = Try(purpose=purpose, created_at=self._now(), failed=True, **asdict(traces))
        with self._database.writing() as session:
            self.check(session, purpose, traces)
            self._database.forget(session, Try.id, Try.created_at <= self._now() - MEMORY)
            session.add(tried)
        yield
        if purpose != SIGNING_UP:  # opening accounts is what is limited, not failing to
            with self._database.writing() as session:
                session.execute(update(Try).where(Try.id == tried.id).values(failed=False))

    def count_more(self, purpose: str, traces: Traces, times: int) -> None:
        """Count failures that weigh more than the one try that they were."""
        tries = [
            Try(purpose=purpose, created_at=self._now(), failed=True, **asdict(traces))
            for _ in range(times)
        ]
        with self._database.writing() as session:
            session.add_all(tries)

    def failures(self, *, since: datetime) -> int:
        """How many payments by card failed since then, for a metric."""
        failed = select(func.count()).where(Attempt.created_at > since, _is_failed_payment())
        with self._database.reading() as session:
            return session.scalar(failed.select_from(Attempt)) or 0

    def _counts(
        self, session: Session, purpose: str, known: dict[str, Any]
    ) -> dict[str, tuple[int, datetime | None]]:
        windows = {
            f"{name}_since": self._now() - limit.window for name, limit in LIMITS[purpose].items()
        }
        counts: dict[str, tuple[int, datetime | None]] = {}
        for name, count, last in session.execute(COUNTS[purpose], {**known, **windows}):
            before, at = counts.get(name, (0, None))
            counts[name] = (before + count, max(filter(None, (at, last)), default=None))
        return counts


def _is_failed_payment() -> ColumnElement[bool]:
    """Whether an attempt was a card that failed, or may yet turn out to be one."""
    ended = (AttemptState.DECLINED, AttemptState.REFUSED)
    return and_(
        Attempt.kind == AttemptKind.CHARGE,
        Attempt.method == "card",
        Attempt.state.in_((*OPEN, *ended)),  # by its index: those that succeeded are not looked at
        or_(Attempt.state.in_(OPEN), Attempt.failure_code.not_in(FORGIVEN)),
    )


def _count(
    table: type[Traced], name: str, failed: ColumnElement[bool]
) -> Select[tuple[str, int, datetime]]:
    created_at = table.created_at  # type: ignore[attr-defined]  # both tables have it
    since = bindparam(f"{name}_since", type_=Utc())
    whose = [getattr(table, name) == bindparam(name)] if name in TRACES else []
    counted = select(literal(name), func.count(), func.max(created_at, type_=Utc()))
    return counted.where(*whose, created_at > since, failed)


def _counts_for(purpose: str) -> CompoundSelect[Any]:
    """One question for all that is counted for a purpose."""
    other = and_(Try.purpose == purpose, Try.failed != false())
    parts = [_count(Try, name, other) for name in LIMITS[purpose]]
    if purpose == PAYING:
        parts += [_count(Attempt, name, _is_failed_payment()) for name in LIMITS[purpose]]
    return union_all(*parts)


#: Cards that were declined so often that the next one must be looked up before it is tried.
WORN_CARDS = (
    select(Attempt.card)
    .where(
        Attempt.created_at > bindparam("since", type_=Utc()),
        Attempt.card.is_not(None),
        _is_failed_payment(),
    )
    .group_by(Attempt.card)
    .having(func.count() >= bindparam("least"))
)

COUNTS = {purpose: _counts_for(purpose) for purpose in LIMITS}
