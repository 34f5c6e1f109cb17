"""SQL of the velocity limits: counts failed payments and other failed actions.

Attempts whose result is not known yet count as failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storefront.fraud.models import RateLimitedAction
from storefront.fraud.velocity_limits import ALL_PAYERS, IGNORED_CODES, LIMITS, PAYMENT
from storefront.models import Attempt
from storefront.payments.database import Utc
from storefront.payments.statuses import OPEN, AttemptKind, AttemptState

#: The name of the count of cards that were declined too often.
BLOCKED_CARDS = "blocked_cards"


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failures there are, and when the latest began."""

    count: int
    last_at: datetime


def count_failures(
    session: Session,
    action: str,
    identifiers: Mapping[str, str | None],
    since: Mapping[str, datetime],
    blocked_after: int,
) -> dict[str, Failures]:
    """The failures of an action by payer identifier; identifiers without failures are left out.

    Args:
        session: to read with.
        action: a key of `LIMITS`.
        identifiers: the payer's, by name.
        since: the start of the window of each identifier.
        blocked_after: how many failures block a card.
    """
    parameters: dict[str, Any] = {f"{name}_since": at for name, at in since.items()}
    parameters |= identifiers
    if action == PAYMENT:
        parameters["blocked_after"] = blocked_after
    failures: dict[str, Failures] = {}
    for name, count, last_at in session.execute(_STATEMENTS[action], parameters):
        if count:
            earlier = failures.get(name, Failures(0, last_at))
            failures[name] = Failures(earlier.count + count, max(earlier.last_at, last_at))
    return failures


def count_failed_cards(session: Session, since: datetime) -> int:
    """How many payments by card failed since then."""
    failed = select(func.count()).where(_ATTEMPT.created_at > since, _FAILED_PAYMENT)
    return session.scalar(failed) or 0


def _literal(condition: ColumnElement[bool]) -> TextClause:
    """A condition with its values written out, so that none of them is bound for each query."""
    return text(str(condition.compile(compile_kwargs={"literal_binds": True})))


_ACTION, _ATTEMPT = RateLimitedAction.core().c, Attempt.core().c

#: A card payment that failed, or may still turn out to have failed. Thanks to the index on its
#: state, attempts that succeeded are not read.
_FAILED_PAYMENT = _literal(
    and_(
        _ATTEMPT.kind == AttemptKind.CHARGE,
        _ATTEMPT.method == "card",
        _ATTEMPT.state.in_((*OPEN, AttemptState.DECLINED, AttemptState.REFUSED)),
        or_(_ATTEMPT.state.in_(OPEN), _ATTEMPT.failure_code.not_in(IGNORED_CODES)),
    )
)


def _since(name: str) -> BindParameter[datetime]:
    return bindparam(f"{name}_since", type_=Utc())


def _count(
    table: ReadOnlyColumnCollection[str, Column[Any]], name: str, failed: TextClause
) -> Select[Any, Any, Any]:
    """The failures in a table with the payer's value of an identifier."""
    by_payer = [] if name == ALL_PAYERS else [table[name] == bindparam(name)]
    last_at = func.max(table.created_at, type_=Utc())
    counted: Select[Any, Any, Any] = select(literal_column(f"'{name}'"), func.count(), last_at)
    return counted.where(*by_payer, table.created_at > _since(name), failed)


def _blocked_cards() -> Select[Any, Any, Any]:
    """How many cards were declined so often that the next card needs its fingerprint checked."""
    last_at = func.max(_ATTEMPT.created_at, type_=Utc()).label("last_at")
    blocked = (
        select(last_at)
        .where(_ATTEMPT.card.is_not(None), _ATTEMPT.created_at > _since("card"), _FAILED_PAYMENT)
        .group_by(_ATTEMPT.card)
        .having(func.count() >= bindparam("blocked_after"))
        .subquery()
    )
    return select(literal_column(f"'{BLOCKED_CARDS}'"), func.count(), func.max(blocked.c.last_at))


def _statement(action: str) -> CompoundSelect[Any]:
    """One query for all counts of an action."""
    failed_action = _literal(and_(_ACTION.action == action, _ACTION.failed != false()))
    counts = [_count(_ACTION, name, failed_action) for name in LIMITS[action]]
    if action == PAYMENT:
        counts += [_count(_ATTEMPT, name, _FAILED_PAYMENT) for name in LIMITS[action]]
        counts += [_blocked_cards()]
    return union_all(*counts)


#: Action → its query, built once.
_STATEMENTS = {action: _statement(action) for action in LIMITS}
