"""The history of an order that a shopper sees: what happened to the money, oldest first."""

from datetime import UTC, datetime, timedelta

from storefront.payments.statuses import AttemptStatus, OperationType
from storefront.shop.order_history import order_history
from tests.support.records import a_payment

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def after(minutes):
    return NOON + timedelta(minutes=minutes)


def an_attempt(minutes, type=OperationType.CHARGE, status=AttemptStatus.SUCCEEDED, **values):
    return {"type": type, "status": status, "created_at": after(minutes), **values}


def events(*attempts, paid_at=None):
    payment = a_payment(NOON, *[each["status"] for each in attempts], paid_at=paid_at)
    for attempt, values in zip(payment.attempts, attempts, strict=True):
        for name, value in {"charge_id": "chrg_1", **values}.items():
            setattr(attempt, name, value)
    return [(entry.event, (entry.at - NOON).seconds // 60) for entry in order_history(payment)]


def test_unpaid_order_has_only_been_placed():
    assert events() == [("placed", 0)]


def test_payment_without_confirmation():
    assert events(an_attempt(1), paid_at=after(1)) == [("placed", 0), ("paid", 1)]


def test_confirmation_at_the_bank():
    attempt = an_attempt(1, authorize_uri="https://bank.example", returned_at=after(3))

    assert events(attempt, paid_at=after(3)) == [
        ("placed", 0),
        ("confirmation_requested", 1),
        ("returned", 3),
        ("paid", 3),
    ]


def test_confirmation_that_has_not_ended():
    attempt = an_attempt(1, status=AttemptStatus.PENDING, authorize_uri="https://bank.example")

    assert events(attempt) == [("placed", 0), ("confirmation_requested", 1)]


def test_frictionless_confirmation_is_not_listed():
    attempt = an_attempt(1, authorize_uri="https://bank.example")

    assert events(attempt, paid_at=after(1)) == [("placed", 0), ("paid", 1)]


def test_declined_attempt_before_a_successful_one():
    tries = [an_attempt(1, status=AttemptStatus.DECLINED), an_attempt(5)]

    assert events(*tries, paid_at=after(5)) == [("placed", 0), ("failed", 1), ("paid", 5)]


def test_unknown_attempt_is_not_an_event():
    assert events(an_attempt(1, status=AttemptStatus.UNKNOWN)) == [("placed", 0)]


def test_authorization_and_capture():
    attempts = [an_attempt(1), an_attempt(60, OperationType.CAPTURE)]

    assert events(*attempts, paid_at=after(60)) == [("placed", 0), ("authorized", 1), ("paid", 60)]


def test_authorization_and_void():
    attempts = [
        an_attempt(1, status=AttemptStatus.AUTHORIZED),
        an_attempt(60, OperationType.VOID),
    ]

    assert events(*attempts) == [("placed", 0), ("authorized", 1), ("voided", 60)]


def test_void_reads_as_released_although_omise_reports_the_charge_as_failed():
    attempts = [
        an_attempt(1, status=AttemptStatus.DECLINED),
        an_attempt(5, status=AttemptStatus.DECLINED),
        an_attempt(60, OperationType.VOID),
    ]

    assert events(*attempts) == [("placed", 0), ("failed", 1), ("authorized", 5), ("voided", 60)]


def test_only_successful_refunds_are_events():
    attempts = [
        an_attempt(1),
        an_attempt(60, OperationType.REFUND, AttemptStatus.REJECTED),
        an_attempt(70, OperationType.REFUND, amount=10000),
    ]

    assert events(*attempts, paid_at=after(1)) == [("placed", 0), ("paid", 1), ("refunded", 70)]
