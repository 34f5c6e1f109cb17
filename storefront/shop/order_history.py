"""What has happened to an order, step by step, as its page tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storefront.models import Attempt, Order
from storefront.payments.money import Money
from storefront.payments.statuses import AttemptKind, AttemptState

#: The bank said no, or Omise did: this try took nothing.
TOOK_NOTHING = frozenset({AttemptState.DECLINED, AttemptState.REFUSED})


class Happening(StrEnum):
    """What can happen to an order that its buyer cares about."""

    ORDERED = "ordered"
    ASKED = "asked"
    CAME_BACK = "came_back"
    FAILED = "failed"
    HELD = "held"
    PAID = "paid"
    RELEASED = "released"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, when, and to how much money."""

    what: Happening
    at: datetime
    amount: Money


def timeline(order: Order) -> list[Step]:
    """The steps of an order so far, the oldest first."""
    return sorted(steps(order), key=lambda step: step.at)


def steps(order: Order) -> Iterator[Step]:
    """The steps, each try by itself."""
    yield Step(Happening.ORDERED, order.created_at, order.total)
    was_held = any(a.kind in {AttemptKind.CAPTURE, AttemptKind.VOID} for a in order.attempts)
    for attempt in order.attempts:
        if attempt.kind == AttemptKind.CHARGE:
            yield from steps_of_a_charge(attempt, was_held=was_held)
        elif attempt.state == AttemptState.SUCCEEDED and attempt.kind in GIVEN_BACK:
            amount = Money(attempt.amount, attempt.currency)
            yield Step(GIVEN_BACK[attempt.kind], attempt.created_at, amount)
    if order.paid_at:
        yield Step(Happening.PAID, order.paid_at, order.total)


#: Ways in which money goes back.
GIVEN_BACK = {
    AttemptKind.VOID: Happening.RELEASED,
    AttemptKind.REFUND: Happening.REFUNDED,
}


def steps_of_a_charge(attempt: Attempt, *, was_held: bool) -> Iterator[Step]:
    """The shopper is asked to confirm it, and comes back."""
    amount = Money(attempt.amount, attempt.currency)
    if attempt.returned_at or attempt.state == AttemptState.PENDING:
        yield Step(Happening.ASKED, attempt.created_at, amount)
    if attempt.returned_at:
        yield Step(Happening.CAME_BACK, attempt.returned_at, amount)
    answered_at = attempt.returned_at or attempt.created_at
    if attempt.state in TOOK_NOTHING:
        yield Step(Happening.FAILED, answered_at, amount)
    elif attempt.state == AttemptState.AUTHORIZED or (was_held and attempt.charge_id):
        yield Step(Happening.HELD, answered_at, amount)
