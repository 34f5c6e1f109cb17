"""Whatever Omise tells of a charge, whenever it comes to light: the order takes it in.

A reading that was thrown out by an exception would come again with the next webhook, the next task
and the next reconciliation, and be thrown out each time.
"""

from dataclasses import replace
from typing import Any

import pytest

from storefront.models import Attempt, Order
from storefront.payments.statuses import AttemptKind, AttemptState, OrderStatus
from tests.support.charges import ASKED_FOR, MUG, TAKEN

#: Everything that Omise can say of a charge: what it says, and the status of an order whose only
#: try it is, with the money that the merchant then has or has held.
READINGS = {
    "waits at the bank": (replace(ASKED_FOR, authorize_uri="https://bank.test"), None, 0),
    "is being processed": (ASKED_FOR, None, 0),
    "is held": (replace(ASKED_FOR, authorized=True), OrderStatus.AUTHORIZED, MUG),
    "was taken": (TAKEN, OrderStatus.PAID, MUG),
    "was refunded in part": (
        replace(TAKEN, refunded_amount=10000),
        OrderStatus.PARTIALLY_REFUNDED,
        MUG - 10000,
    ),
    "was refunded": (replace(TAKEN, refunded_amount=MUG), OrderStatus.REFUNDED, 0),
    "failed": (replace(ASKED_FOR, status="failed"), OrderStatus.PAYMENT_FAILED, 0),
    "expired": (replace(ASKED_FOR, status="expired"), OrderStatus.EXPIRED, 0),
    "was reversed": (
        replace(ASKED_FOR, status="reversed", authorized=True),
        OrderStatus.CANCELLED,
        0,
    ),
}

#: How an order and its only try stood before the reading.
BEFORE = {
    "just asked": (OrderStatus.CONFIRMING, AttemptState.STARTED),
    "unknown": (OrderStatus.CONFIRMING, AttemptState.UNKNOWN),
    "at the bank": (OrderStatus.AWAITING_PAYMENT, AttemptState.PENDING),
    "back from the bank": (OrderStatus.CONFIRMING, AttemptState.PENDING),
    "thought never made": (OrderStatus.PAYMENT_FAILED, AttemptState.REFUSED),
}


@pytest.fixture
def place(parts, clock):
    """Puts an order with its tries in the database: the order, with the tries in their turn."""

    def place(status, *states, **of_order):
        with parts.database.writing() as session:
            order = Order(
                status=status,
                amount=MUG,
                currency="THB",
                livemode=False,
                created_at=clock(),
                attempts=[
                    Attempt(
                        kind=AttemptKind.CHARGE,
                        state=state,
                        amount=MUG,
                        currency="THB",
                        created_at=clock(),
                        captured_amount=0,
                        refunded_amount=0,
                    )
                    for state in states
                ],
                **of_order,
            )
            session.add(order)
            session.flush()
            return order

    return place


def told_of(charge, order, attempt, charge_id="chrg_test_1"):
    """The charge as the answer to one try."""
    return replace(charge, id=charge_id, metadata={"order": order.number, "attempt": attempt.key})


def kept(order):
    """What the merchant has of an order by our ledger, and holds."""
    return sum(
        a.amount if a.state == "authorized" else a.captured_amount - a.refunded_amount
        for a in order.attempts
        if a.state in {"authorized", "succeeded", "surplus"}
    )


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("before", BEFORE)
def test_every_reading_is_taken_in_from_wherever_the_order_stands(
    place, parts, ledger, before, reading
):
    status, state = BEFORE[before]
    charge, expected, money = READINGS[reading]
    order = place(status, state)

    for _ in range(2):
        parts.outcomes.apply(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.number)
    assert after.status in ({expected} if expected else {"awaiting_payment", "confirming"})
    assert kept(after) == money
    assert (after.paid_at is not None) == charge.paid


@pytest.mark.parametrize("reading", ["waits at the bank", "is being processed"])
def test_an_old_reading_changes_nothing(place, parts, ledger, reading):
    old, _, _ = READINGS[reading]
    order = place(OrderStatus.AWAITING_PAYMENT, AttemptState.PENDING)
    parts.outcomes.apply(told_of(TAKEN, order, order.attempts[0]))

    parts.outcomes.apply(told_of(old, order, order.attempts[0]))

    after = ledger.order(order.number)
    assert (after.status, kept(after)) == ("paid", MUG)


#: How a charge may differ from what was asked for.
WRONG: dict[str, Any] = {
    "amount": {"amount": 1},
    "currency": {"currency": "JPY"},
    "mode": {"livemode": True},
    "order": {"metadata": {"order": "ANOTHER"}},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_charge_that_is_not_what_was_asked_for_moves_nothing(place, parts, ledger, what):
    order = place(OrderStatus.CONFIRMING, AttemptState.UNKNOWN)
    right = told_of(TAKEN, order, order.attempts[0])
    wrong = WRONG[what]
    if "metadata" in wrong:
        wrong = {"metadata": right.metadata | wrong["metadata"]}

    parts.outcomes.apply(replace(right, **wrong))
    assert ledger.order(order.number).status == "confirming"

    parts.outcomes.apply(right)
    assert ledger.order(order.number).status == "paid"


@pytest.mark.parametrize("reading", READINGS)
def test_money_that_was_held_may_come_to_any_end(place, parts, ledger, reading):
    charge, expected, money = READINGS[reading]
    order = place(OrderStatus.AWAITING_PAYMENT, AttemptState.PENDING)
    held, _, _ = READINGS["is held"]
    parts.outcomes.apply(told_of(held, order, order.attempts[0]))

    parts.outcomes.apply(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.number)
    assert after.status == ("expired" if reading == "failed" else expected or "authorized")
    assert kept(after) == (money if expected else MUG)


@pytest.mark.parametrize("reading", READINGS)
def test_a_charge_of_an_order_that_was_given_up_moves_no_order(place, parts, ledger, reading):
    """A try that was thought never made, of a cart that changed since: its money goes back."""
    charge, _, money = READINGS[reading]
    order = place(OrderStatus.CANCELLED, AttemptState.REFUSED)

    for _ in range(2):
        parts.outcomes.apply(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.number)
    is_surplus = charge.paid or reading == "is held"
    assert after.status == "cancelled"
    assert (after.attempts[0].state == "surplus") == is_surplus
    assert kept(after) == (money if charge.paid else 0)


#: How an order stands by a newer try, while an older one was thought never made.
SINCE = {
    "tried again": (OrderStatus.CONFIRMING, AttemptState.UNKNOWN),
    "at the bank": (OrderStatus.AWAITING_PAYMENT, AttemptState.PENDING),
    "declined": (OrderStatus.PAYMENT_FAILED, AttemptState.DECLINED),
    "refused": (OrderStatus.PAYMENT_FAILED, AttemptState.REFUSED),
    "run out of time": (OrderStatus.EXPIRED, AttemptState.DECLINED),
}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("since", SINCE)
def test_an_older_try_that_comes_to_light_late_is_taken_in(place, parts, ledger, since, reading):
    status, newest = SINCE[since]
    charge, expected, money = READINGS[reading]
    order = place(status, AttemptState.REFUSED, newest)

    for _ in range(2):
        parts.outcomes.apply(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.number)
    moved = charge.paid or reading == "is held"
    assert after.status == (expected if moved else status)
    assert kept(after) == money


@pytest.mark.parametrize("since", ["tried again", "at the bank"])
def test_of_two_tries_that_both_took_the_money_one_is_given_back(place, parts, ledger, since):
    status, newest = SINCE[since]
    order = place(status, AttemptState.REFUSED, newest)
    late, paid_since = order.attempts

    parts.outcomes.apply(told_of(TAKEN, order, late, "chrg_test_1"))
    parts.outcomes.apply(told_of(TAKEN, order, paid_since, "chrg_test_2"))

    after = ledger.order(order.number)
    assert after.status == "paid"
    assert [a.state for a in after.attempts] == ["succeeded", "surplus"]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("since", ["tried again", "at the bank"])
def test_a_newer_try_that_ends_after_an_older_one_paid_is_taken_in(
    place, parts, ledger, since, reading
):
    charge, _, _ = READINGS[reading]
    status, newest = SINCE[since]
    order = place(status, AttemptState.REFUSED, newest)
    late, newer = order.attempts
    parts.outcomes.apply(told_of(TAKEN, order, late, "chrg_test_1"))

    for _ in range(2):
        parts.outcomes.apply(told_of(charge, order, newer, "chrg_test_2"))

    after = ledger.order(order.number)
    assert (after.status, after.payment.charge_id) == ("paid", "chrg_test_1")
    assert after.attempts[1].is_open == (reading in {"waits at the bank", "is being processed"})


def test_a_newer_try_that_was_never_made_leaves_the_order_paid(place, parts, ledger):
    order = place(OrderStatus.CONFIRMING, AttemptState.REFUSED, AttemptState.UNKNOWN)
    late, newer = order.attempts
    parts.outcomes.apply(told_of(TAKEN, order, late))

    parts.outcomes.refuse(newer.key, "never_arrived")

    after = ledger.order(order.number)
    assert (after.status, after.open_attempt) == ("paid", None)


@pytest.mark.parametrize("reading", ["failed", "expired", "was reversed"])
def test_an_older_try_whose_money_is_held_no_more_takes_its_order_along(
    place, parts, ledger, reading
):
    charge, _, _ = READINGS[reading]
    order = place(OrderStatus.PAYMENT_FAILED, AttemptState.REFUSED, AttemptState.DECLINED)
    held, _, _ = READINGS["is held"]
    parts.outcomes.apply(told_of(held, order, order.attempts[0]))
    assert ledger.order(order.number).status == "authorized"

    parts.outcomes.apply(told_of(charge, order, order.attempts[0]))

    assert ledger.order(order.number).status == (
        "cancelled" if reading == "was reversed" else "expired"
    )
