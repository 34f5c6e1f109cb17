"""Every state of a charge is applied to its payment, in every status of the payment.

A charge that raised an exception would raise it again with the next webhook, the next task and the
next reconciliation.
"""

from dataclasses import replace
from typing import Any

import pytest

from storefront.payments.follow_up import AUTHORIZATION_GRACE
from storefront.payments.statuses import AttemptStatus, PaymentStatus
from storefront.payments.task_models import TaskKind
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
def place(services, clock):
    """Saves a payment with attempts to charge, in their order."""

    def place(status, *statuses):
        return save(services.database, a_payment(clock(), *statuses, status=status))

    return place


def as_reported(charge, order, attempt, charge_id="chrg_test_1"):
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
def test_every_charge_state_is_applied_in_every_status(
    place, services, repository, before, reading
):
    status, state = BEFORE[before]
    charge, expected, money = READINGS[reading]
    order = place(status, state)

    for _ in range(2):
        services.engine.sync.apply_charge(as_reported(charge, order, order.attempts[0]))

    after = repository.get(order.reference)
    assert after.status in ({expected} if expected else {"awaiting_payment", "confirming"})
    assert kept(after) == money
    assert (after.paid_at is not None) == charge.paid


@pytest.mark.parametrize("reading", ["waits at the bank", "is being processed"])
def test_stale_charge_is_ignored(place, services, repository, reading):
    old, _, _ = READINGS[reading]
    order = place(PaymentStatus.AWAITING_PAYMENT, AttemptStatus.PENDING)
    services.engine.sync.apply_charge(as_reported(TAKEN, order, order.attempts[0]))

    services.engine.sync.apply_charge(as_reported(old, order, order.attempts[0]))

    after = repository.get(order.reference)
    assert (after.status, kept(after)) == ("paid", MUG)


#: How a charge may differ from what was asked for.
WRONG: dict[str, Any] = {
    "amount": {"amount": 1},
    "currency": {"currency": "JPY"},
    "mode": {"livemode": True},
    "order": {"metadata": {"order": "ANOTHER"}},
}


@pytest.mark.parametrize("what", WRONG)
def test_charge_that_does_not_match_its_attempt_is_not_applied(place, services, repository, what):
    order = place(PaymentStatus.CONFIRMING, AttemptStatus.UNKNOWN)
    right = as_reported(TAKEN, order, order.attempts[0])
    wrong = WRONG[what]
    if "metadata" in wrong:
        wrong = {"metadata": right.metadata | wrong["metadata"]}

    services.engine.sync.apply_charge(replace(right, **wrong))
    assert repository.get(order.reference).status == "confirming"

    services.engine.sync.apply_charge(right)
    assert repository.get(order.reference).status == "paid"


@pytest.mark.parametrize("reading", READINGS)
def test_authorized_charge_may_end_in_any_state(place, services, repository, reading):
    charge, expected, money = READINGS[reading]
    order = place(PaymentStatus.AWAITING_PAYMENT, AttemptStatus.PENDING)
    held, _, _ = READINGS["is held"]
    services.engine.sync.apply_charge(as_reported(held, order, order.attempts[0]))

    services.engine.sync.apply_charge(as_reported(charge, order, order.attempts[0]))

    after = repository.get(order.reference)
    assert after.status == ("expired" if reading == "failed" else expected or "authorized")
    assert kept(after) == (money if expected else MUG)


@pytest.mark.parametrize("reading", READINGS)
def test_charge_of_an_abandoned_payment_does_not_change_it(place, services, repository, reading):
    """A try that was thought never made, of a cart that changed since: its money goes back."""
    charge, _, money = READINGS[reading]
    order = place(PaymentStatus.CANCELLED, AttemptStatus.REJECTED)

    for _ in range(2):
        services.engine.sync.apply_charge(as_reported(charge, order, order.attempts[0]))

    after = repository.get(order.reference)
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
def test_older_attempt_found_late_is_applied(place, services, repository, since, reading):
    status, newest = SINCE[since]
    charge, expected, money = READINGS[reading]
    order = place(status, AttemptStatus.REJECTED, newest)

    for _ in range(2):
        services.engine.sync.apply_charge(as_reported(charge, order, order.attempts[0]))

    after = repository.get(order.reference)
    moved = charge.paid or reading == "is held"
    assert after.status == (expected if moved else status)
    assert kept(after) == money


@pytest.mark.parametrize("since", ["tried again", "at the bank"])
def test_second_paid_attempt_is_refunded(place, services, repository, since):
    status, newest = SINCE[since]
    order = place(status, AttemptStatus.REJECTED, newest)
    late, paid_since = order.attempts

    services.engine.sync.apply_charge(as_reported(TAKEN, order, late, "chrg_test_1"))
    services.engine.sync.apply_charge(as_reported(TAKEN, order, paid_since, "chrg_test_2"))

    after = repository.get(order.reference)
    assert after.status == "paid"
    assert [a.status for a in after.attempts] == ["succeeded", "surplus"]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("since", ["tried again", "at the bank"])
def test_newer_attempt_that_ends_after_an_older_one_paid_is_applied(
    place, services, repository, since, reading
):
    charge, _, _ = READINGS[reading]
    status, newest = SINCE[since]
    order = place(status, AttemptStatus.REJECTED, newest)
    late, newer = order.attempts
    services.engine.sync.apply_charge(as_reported(TAKEN, order, late, "chrg_test_1"))

    for _ in range(2):
        services.engine.sync.apply_charge(as_reported(charge, order, newer, "chrg_test_2"))

    after = repository.get(order.reference)
    assert (after.status, after.funded_attempt.charge_id) == ("paid", "chrg_test_1")
    assert after.attempts[1].is_unresolved == (
        reading in {"waits at the bank", "is being processed"}
    )


def test_late_charge_in_another_currency_is_surplus(place, services, repository):
    """The numbers are equal: 39,000 yen of a try that was thought never made, and 390 baht."""
    order = place(PaymentStatus.PAYMENT_FAILED, AttemptStatus.REJECTED, AttemptStatus.DECLINED)
    in_yen = order.attempts[0]
    in_yen.currency = "JPY"
    with services.database.transaction() as connection:
        repository.save(connection, order, in_yen)

    taken = replace(TAKEN, currency="JPY")
    services.engine.sync.apply_charge(as_reported(taken, order, in_yen))

    after = repository.get(order.reference)
    assert (after.status, after.funded_attempt) == ("payment_failed", None)
    assert after.attempts[0].status == "surplus"


def test_reading_a_surplus_charge_again_leaves_its_refund_to_the_worker_that_has_it(
    place, services, repository
):
    order = place(PaymentStatus.PAID, AttemptStatus.REJECTED, AttemptStatus.SUCCEEDED)
    surplus = as_reported(TAKEN, order, order.attempts[0])
    services.engine.sync.apply_charge(surplus)
    assert services.engine.outbox.claim().kind == TaskKind.REFUND_SURPLUS

    services.engine.sync.apply_charge(surplus)

    assert services.engine.outbox.claim() is None


def test_reading_an_authorized_charge_again_leaves_it_to_the_worker_that_has_it(
    place, services, clock
):
    order = place(PaymentStatus.CONFIRMING, AttemptStatus.UNKNOWN)
    held, _, _ = READINGS["is held"]
    held = as_reported(replace(held, expires_at=clock()), order, order.attempts[0])
    services.engine.sync.apply_charge(held)
    clock.advance(AUTHORIZATION_GRACE.total_seconds())
    assert services.engine.outbox.claim().kind == TaskKind.CHECK_AUTHORIZATION

    services.engine.sync.apply_charge(held)

    assert services.engine.outbox.claim() is None


def test_newer_attempt_that_was_never_charged_leaves_the_payment_paid(place, services, repository):
    order = place(PaymentStatus.CONFIRMING, AttemptStatus.REJECTED, AttemptStatus.UNKNOWN)
    late, newer = order.attempts
    services.engine.sync.apply_charge(as_reported(TAKEN, order, late))

    services.engine.sync.mark_rejected(newer.key, "never_arrived")

    after = repository.get(order.reference)
    assert (after.status, after.unresolved_attempt) == ("paid", None)


@pytest.mark.parametrize("reading", ["failed", "expired", "was reversed"])
def test_released_older_attempt_cancels_its_payment(place, services, repository, reading):
    charge, _, _ = READINGS[reading]
    order = place(PaymentStatus.PAYMENT_FAILED, AttemptStatus.REJECTED, AttemptStatus.DECLINED)
    held, _, _ = READINGS["is held"]
    services.engine.sync.apply_charge(as_reported(held, order, order.attempts[0]))
    assert repository.get(order.reference).status == "authorized"

    services.engine.sync.apply_charge(as_reported(charge, order, order.attempts[0]))

    assert repository.get(order.reference).status == (
        "cancelled" if reading == "was reversed" else "expired"
    )
