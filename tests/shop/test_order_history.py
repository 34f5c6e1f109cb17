"""The timeline of an order tells what happened to its money, in order, and nothing else."""

from datetime import UTC, datetime, timedelta

from storefront.models import Attempt, Order

from storefront.payments.statuses import AttemptStatus, OperationType
from storefront.shop.order_history import timeline

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def after(minutes):
    return NOON + timedelta(minutes=minutes)


def an_attempt(minutes, kind=OperationType.CHARGE, state=AttemptStatus.SUCCEEDED, **more):
    values = {"amount": 39000, "currency": "THB", "charge_id": "chrg_1", **more}
    return Attempt(kind=kind, state=state, created_at=after(minutes), **values)


def told(*attempts, paid_at=None):
    order = Order(amount=39000, currency="THB", created_at=NOON, paid_at=paid_at)
    order.attempts = list(attempts)
    return [(step.what, (step.at - NOON).seconds // 60) for step in timeline(order)]


def test_an_order_that_nobody_has_paid():
    assert told() == [("ordered", 0)]


def test_an_order_that_was_paid_at_once():
    assert told(an_attempt(1), paid_at=after(1)) == [("ordered", 0), ("paid", 1)]


def test_a_visit_to_the_bank():
    attempt = an_attempt(1, authorize_uri="https://bank.example", returned_at=after(3))

    assert told(attempt, paid_at=after(3)) == [
        ("ordered", 0),
        ("asked", 1),
        ("came_back", 3),
        ("paid", 3),
    ]


def test_a_visit_to_the_bank_that_has_not_ended():
    attempt = an_attempt(1, state=AttemptStatus.PENDING, authorize_uri="https://bank.example")

    assert told(attempt) == [("ordered", 0), ("asked", 1)]


def test_a_bank_that_asked_for_nothing_is_not_told_of():
    attempt = an_attempt(1, authorize_uri="https://bank.example")

    assert told(attempt, paid_at=after(1)) == [("ordered", 0), ("paid", 1)]


def test_a_try_that_failed_before_one_that_did_not():
    tries = [an_attempt(1, state=AttemptStatus.DECLINED), an_attempt(5)]

    assert told(*tries, paid_at=after(5)) == [("ordered", 0), ("failed", 1), ("paid", 5)]


def test_a_try_whose_end_is_unknown_is_not_told():
    assert told(an_attempt(1, state=AttemptStatus.UNKNOWN)) == [("ordered", 0)]


def test_money_that_is_held_and_taken_later():
    attempts = [an_attempt(1), an_attempt(60, OperationType.CAPTURE)]

    assert told(*attempts, paid_at=after(60)) == [("ordered", 0), ("held", 1), ("paid", 60)]


def test_money_that_is_held_and_released():
    attempts = [
        an_attempt(1, state=AttemptStatus.AUTHORIZED),
        an_attempt(60, OperationType.VOID),
    ]

    assert told(*attempts) == [("ordered", 0), ("held", 1), ("released", 60)]


def test_only_refunds_that_went_through_are_told():
    attempts = [
        an_attempt(1),
        an_attempt(60, OperationType.REFUND, AttemptStatus.REJECTED),
        an_attempt(70, OperationType.REFUND, amount=10000),
    ]

    assert told(*attempts, paid_at=after(1)) == [("ordered", 0), ("paid", 1), ("refunded", 70)]
