"""Whatever Omise tells of a charge, whenever it comes to light: the order takes it in.

A reading that was thrown out by an exception would come again with the next webhook, the next task
and the next reconciliation, and be thrown out each time.
"""

from dataclasses import replace
from typing import Any

import pytest

from storefront.payments.statuses import AttemptStatus, PaymentStatus
from tests.support.charges import ASKED_FOR, MUG, TAKEN
from tests.support.records import a_payment, save

#: Everything that Omise can say of a charge: what it says, and the status of an order whose only
#: try it is, with the money that the merchant then has or has held.
READINGS = {
    "waits at the bank": (replace(ASKED_FOR, authorize_uri="https://bank.test"), None, 0),
    "is being processed": (ASKED_FOR, None, 0),
    "is held": (replace(ASKED_FOR, authorized=True), PaymentStatus.AUTHORIZED, MUG),
    "was taken": (TAKEN, PaymentStatus.PAID, MUG),
    "was refunded in part": (
        replace(TAKEN, refunded_amount=10000),
        PaymentStatus.PARTIALLY_REFUNDED,
        MUG - 10000,
    ),
    "was refunded": (replace(TAKEN, refunded_amount=MUG), PaymentStatus.REFUNDED, 0),
    "failed": (replace(ASKED_FOR, status="failed"), PaymentStatus.PAYMENT_FAILED, 0),
    "expired": (replace(ASKED_FOR, status="expired"), PaymentStatus.EXPIRED, 0),
    "was reversed": (
        replace(ASKED_FOR, status="reversed", authorized=True),
        PaymentStatus.CANCELLED,
        0,
    ),
}

#: How an order and its only try stood before the reading.
BEFORE = {
    "just asked": (PaymentStatus.CONFIRMING, AttemptStatus.STARTED),
    "unknown": (PaymentStatus.CONFIRMING, AttemptStatus.UNKNOWN),
    "at the bank": (PaymentStatus.AWAITING_PAYMENT, AttemptStatus.PENDING),
    "back from the bank": (PaymentStatus.CONFIRMING, AttemptStatus.PENDING),
    "thought never made": (PaymentStatus.PAYMENT_FAILED, AttemptStatus.REJECTED),
}


@pytest.fixture
def place(parts, clock):
    """Saves a payment with attempts to charge, in their order."""

    def place(status, *statuses):
        return save(parts.database, a_payment(clock(), *statuses, status=status))

    return place


def told_of(charge, order, attempt, charge_id="chrg_test_1"):
    """The charge as the answer to one try."""
    return replace(
        charge, id=charge_id, metadata={"order": order.reference, "attempt": attempt.key}
    )


def kept(order):
    """What the merchant has of an order by our ledger, and holds."""
    return sum(
        a.amount if a.status == "authorized" else a.captured_amount - a.refunded_amount
        for a in order.attempts
        if a.status in {"authorized", "succeeded", "surplus"}
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
        parts.engine.sync.apply_charge(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.reference)
    assert after.status in ({expected} if expected else {"awaiting_payment", "confirming"})
    assert kept(after) == money
    assert (after.paid_at is not None) == charge.paid


@pytest.mark.parametrize("reading", ["waits at the bank", "is being processed"])
def test_an_old_reading_changes_nothing(place, parts, ledger, reading):
    old, _, _ = READINGS[reading]
    order = place(PaymentStatus.AWAITING_PAYMENT, AttemptStatus.PENDING)
    parts.engine.sync.apply_charge(told_of(TAKEN, order, order.attempts[0]))

    parts.engine.sync.apply_charge(told_of(old, order, order.attempts[0]))

    after = ledger.order(order.reference)
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
    order = place(PaymentStatus.CONFIRMING, AttemptStatus.UNKNOWN)
    right = told_of(TAKEN, order, order.attempts[0])
    wrong = WRONG[what]
    if "metadata" in wrong:
        wrong = {"metadata": right.metadata | wrong["metadata"]}

    parts.engine.sync.apply_charge(replace(right, **wrong))
    assert ledger.order(order.reference).status == "confirming"

    parts.engine.sync.apply_charge(right)
    assert ledger.order(order.reference).status == "paid"


@pytest.mark.parametrize("reading", READINGS)
def test_money_that_was_held_may_come_to_any_end(place, parts, ledger, reading):
    charge, expected, money = READINGS[reading]
    order = place(PaymentStatus.AWAITING_PAYMENT, AttemptStatus.PENDING)
    held, _, _ = READINGS["is held"]
    parts.engine.sync.apply_charge(told_of(held, order, order.attempts[0]))

    parts.engine.sync.apply_charge(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.reference)
    assert after.status == ("expired" if reading == "failed" else expected or "authorized")
    assert kept(after) == (money if expected else MUG)


@pytest.mark.parametrize("reading", READINGS)
def test_a_charge_of_an_order_that_was_given_up_moves_no_order(place, parts, ledger, reading):
    """A try that was thought never made, of a cart that changed since: its money goes back."""
    charge, _, money = READINGS[reading]
    order = place(PaymentStatus.CANCELLED, AttemptStatus.REJECTED)

    for _ in range(2):
        parts.engine.sync.apply_charge(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.reference)
    is_surplus = charge.paid or reading == "is held"
    assert after.status == "cancelled"
    assert (after.attempts[0].status == "surplus") == is_surplus
    assert kept(after) == (money if charge.paid else 0)


#: How an order stands by a newer try, while an older one was thought never made.
SINCE = {
    "tried again": (PaymentStatus.CONFIRMING, AttemptStatus.UNKNOWN),
    "at the bank": (PaymentStatus.AWAITING_PAYMENT, AttemptStatus.PENDING),
    "declined": (PaymentStatus.PAYMENT_FAILED, AttemptStatus.DECLINED),
    "rejected": (PaymentStatus.PAYMENT_FAILED, AttemptStatus.REJECTED),
    "run out of time": (PaymentStatus.EXPIRED, AttemptStatus.DECLINED),
}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("since", SINCE)
def test_an_older_try_that_comes_to_light_late_is_taken_in(place, parts, ledger, since, reading):
    status, newest = SINCE[since]
    charge, expected, money = READINGS[reading]
    order = place(status, AttemptStatus.REJECTED, newest)

    for _ in range(2):
        parts.engine.sync.apply_charge(told_of(charge, order, order.attempts[0]))

    after = ledger.order(order.reference)
    moved = charge.paid or reading == "is held"
    assert after.status == (expected if moved else status)
    assert kept(after) == money


@pytest.mark.parametrize("since", ["tried again", "at the bank"])
def test_of_two_tries_that_both_took_the_money_one_is_given_back(place, parts, ledger, since):
    status, newest = SINCE[since]
    order = place(status, AttemptStatus.REJECTED, newest)
    late, paid_since = order.attempts

    parts.engine.sync.apply_charge(told_of(TAKEN, order, late, "chrg_test_1"))
    parts.engine.sync.apply_charge(told_of(TAKEN, order, paid_since, "chrg_test_2"))

    after = ledger.order(order.reference)
    assert after.status == "paid"
    assert [a.status for a in after.attempts] == ["succeeded", "surplus"]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("since", ["tried again", "at the bank"])
def test_a_newer_try_that_ends_after_an_older_one_paid_is_taken_in(
    place, parts, ledger, since, reading
):
    charge, _, _ = READINGS[reading]
    status, newest = SINCE[since]
    order = place(status, AttemptStatus.REJECTED, newest)
    late, newer = order.attempts
    parts.engine.sync.apply_charge(told_of(TAKEN, order, late, "chrg_test_1"))

    for _ in range(2):
        parts.engine.sync.apply_charge(told_of(charge, order, newer, "chrg_test_2"))

    after = ledger.order(order.reference)
    assert (after.status, after.funded_attempt.charge_id) == ("paid", "chrg_test_1")
    assert after.attempts[1].is_unresolved == (
        reading in {"waits at the bank", "is being processed"}
    )


def test_a_newer_try_that_was_never_made_leaves_the_order_paid(place, parts, ledger):
    order = place(PaymentStatus.CONFIRMING, AttemptStatus.REJECTED, AttemptStatus.UNKNOWN)
    late, newer = order.attempts
    parts.engine.sync.apply_charge(told_of(TAKEN, order, late))

    parts.engine.sync.mark_rejected(newer.key, "never_arrived")

    after = ledger.order(order.reference)
    assert (after.status, after.unresolved_attempt) == ("paid", None)


@pytest.mark.parametrize("reading", ["failed", "expired", "was reversed"])
def test_an_older_try_whose_money_is_held_no_more_takes_its_order_along(
    place, parts, ledger, reading
):
    charge, _, _ = READINGS[reading]
    order = place(PaymentStatus.PAYMENT_FAILED, AttemptStatus.REJECTED, AttemptStatus.DECLINED)
    held, _, _ = READINGS["is held"]
    parts.engine.sync.apply_charge(told_of(held, order, order.attempts[0]))
    assert ledger.order(order.reference).status == "authorized"

    parts.engine.sync.apply_charge(told_of(charge, order, order.attempts[0]))

    assert ledger.order(order.reference).status == (
        "cancelled" if reading == "was reversed" else "expired"
    )
