"""SQL of the velocity limits: counts failed payments and other failed actions.

An attempt is a failure once it is declined. While its first request to Omise is under way it is
counted apart, so that concurrent ones get no further. It does not count while the bank asks the
shopper, or while its result is unknown: neither says anything about the card.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    FromClause,
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
from sqlalchemy.engine import Connection

from storefront.fraud.models import AttemptPayer, RateLimitedAction
from storefront.fraud.velocity_limits import ALL_PAYERS, IGNORED_CODES, LIMITS, PAYMENT
from storefront.payments.database import UtcDateTime
from storefront.payments.prepared import Prepared
from storefront.payments.statuses import FAILED, AttemptStatus, OperationType
from storefront.payments.tables import attempts

#: The name of the count of cards that were declined too often.
BLOCKED_CARDS = "blocked_cards"


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failures there are, when the latest began, and how many attempts are under way."""

    count: int = 0
    last_at: datetime | None = None
    under_way: int = 0

    @property
    def total(self) -> int:
        """How many failures there are if all attempts under way fail."""
        return self.count + self.under_way

    def plus(self, count: int, last_at: datetime) -> "Failures":
        """The sum with further failures."""
        last_at = max(self.last_at or last_at, last_at)
        return replace(self, count=self.count + count, last_at=last_at)


def count_failures(
    connection: Connection,
    action: str,
    identifiers: Mapping[str, str | None],
    since: Mapping[str, datetime],
    until: datetime,
    blocked_after: int,
) -> dict[str, Failures]:
    """The failures of an action by payer identifier; identifiers without any are left out.

    Args:
        connection: to read with.
        action: a key of `LIMITS`.
        identifiers: the payer's, by name.
        since: the start of the window of each identifier.
        until: the end of all windows; what seems to be later was before the clock was set back.
        blocked_after: how many failures block a card.
    """
    parameters: dict[str, Any] = {f"{name}_since": at for name, at in since.items()}
    parameters["until"] = until
    parameters |= {name: identifiers.get(name) for name in since if name != ALL_PAYERS}
    if action == PAYMENT:
        parameters["blocked_after"] = blocked_after
    failures: dict[str, Failures] = {}
    for name, count, last_at, is_under_way in _STATEMENTS[action].all(connection, parameters):
        found = failures.get(name, Failures())
        if count:
            failures[name] = (
                replace(found, under_way=count) if is_under_way else found.plus(count, last_at)
            )
    return failures


def count_failed_cards(connection: Connection, since: datetime) -> int:
    """How many payments by card failed since then."""
    is_declined = _ATTEMPT.status != AttemptStatus.STARTED
    failed = select(func.count()).where(_ATTEMPT.created_at > since, is_declined, _FAILED_PAYMENT)
    return connection.execute(failed).scalar() or 0


def _literal(condition: ColumnElement[bool]) -> TextClause:
    """A condition with its values written out, so that none of them is bound for each query."""
    return text(str(condition.compile(compile_kwargs={"literal_binds": True})))


_ATTEMPT = attempts.c
_ACTIONS, _PAYERS = RateLimitedAction.core(), AttemptPayer.core()
_UNTIL = bindparam("until", type_=UtcDateTime())

#: A card payment that was declined, or whose first request is under way. Thanks to the index on its
#: status, attempts that succeeded are not read.
_FAILED_PAYMENT = _literal(
    and_(
        _ATTEMPT.type == OperationType.CHARGE,
        _ATTEMPT.method == "card",
        _ATTEMPT.status.in_(sorted({AttemptStatus.STARTED, *FAILED})),
        or_(
            _ATTEMPT.status == AttemptStatus.STARTED,
            _ATTEMPT.failure_code.not_in(IGNORED_CODES),
        ),
    )
)

#: Whether the first request of a payment is under way; other actions never are.
_IS_UNDER_WAY: Any = literal_column(
    str(_literal(_ATTEMPT.status == AttemptStatus.STARTED)), type_=Boolean()
)
_NEVER: Any = literal_column("1 = 0", type_=Boolean())


def _since(name: str) -> BindParameter[datetime]:
    return bindparam(f"{name}_since", type_=UtcDateTime())


def _count(
    name: str,
    source: FromClause,
    created_at: ColumnElement[datetime],
    *conditions: ColumnElement[bool] | TextClause,
    is_under_way: Any = _NEVER,  # noqa: ANN401
) -> Any:  # noqa: ANN401 - selects have other type parameters in each version of SQLAlchemy
    """How many rows are failures in the window of an identifier, and when the latest began.

    Rows that are under way have a count of their own.
    """
    last_at = func.max(created_at, type_=UtcDateTime()).label("last_at")
    label: Any = literal_column(f"'{name}'").label("name")
    columns = (label, func.count().label("failures"), last_at, is_under_way.label("is_under_way"))
    counted: Any = select(*columns).select_from(source).group_by(is_under_way)
    return counted.where(created_at > _since(name), created_at <= _UNTIL, *conditions)


def _failed_actions(action: str, name: str) -> Any:  # noqa: ANN401
    """Failures of actions that are not payments, and of saving cards."""
    is_payer = [] if name == ALL_PAYERS else [_ACTIONS.c[name] == bindparam(name)]
    failed = _literal(and_(_ACTIONS.c.action == action, _ACTIONS.c.failed != false()))
    return _count(name, _ACTIONS, _ACTIONS.c.created_at, failed, *is_payer)


def _failed_payments(name: str) -> Any:  # noqa: ANN401
    """Failed payments of all payers, of a card, or of a payer by another identifier."""
    source: FromClause = attempts
    created_at: Any = _ATTEMPT.created_at
    conditions: list[Any] = [_FAILED_PAYMENT]
    if name == "card":
        conditions += [_ATTEMPT.card_fingerprint == bindparam("card")]
    elif name != ALL_PAYERS:
        source = _PAYERS.join(attempts, _ATTEMPT.key == _PAYERS.c.attempt_key)
        created_at = _PAYERS.c.created_at
        conditions += [_PAYERS.c[name] == bindparam(name)]
    return _count(name, source, created_at, *conditions, is_under_way=_IS_UNDER_WAY)


def _blocked_cards() -> Any:  # noqa: ANN401
    """How many cards were declined so often that the next card needs its fingerprint checked."""
    last_at = func.max(_ATTEMPT.created_at, type_=UtcDateTime()).label("last_at")
    is_known, is_recent = (
        _ATTEMPT.card_fingerprint.is_not(None),
        and_(_ATTEMPT.created_at > _since("card"), _ATTEMPT.created_at <= _UNTIL),
    )
    blocked = (
        select(last_at)
        .where(is_known, is_recent, _FAILED_PAYMENT)
        .group_by(_ATTEMPT.card_fingerprint)
        .having(func.count() >= bindparam("blocked_after"))
        .subquery()
    )
    label: Any = literal_column(f"'{BLOCKED_CARDS}'")
    return select(label, func.count(), func.max(blocked.c.last_at), _NEVER)


def _statement(action: str) -> Prepared:
    """One query for all counts of an action."""
    counts = [_failed_actions(action, name) for name in LIMITS[action] if name != "card"]
    if action == PAYMENT:
        counts += [_failed_payments(name) for name in LIMITS[action]]
        counts += [_blocked_cards()]
    return Prepared(union_all(*counts))


#: Action → its query, built once.
_STATEMENTS = {action: _statement(action) for action in LIMITS}
