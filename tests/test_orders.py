"""The tables of states are complete and lead somewhere."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storefront import ROOT
from storefront.errors import InvalidTransition
from storefront.omise import Charge
from storefront.orders import (
    MONEY_MOVED,
    MOVABLE,
    OPEN,
    PROGRESS,
    SETTLED,
    TRANSITIONS,
    AttemptKind,
    AttemptState,
    OrderStatus,
    attempt_state_for,
    check_transition,
    order_status_for,
)

CHARGE = Charge(
    id="chrg_test_1",
    status="pending",
    amount=39000,
    currency="THB",
    livemode=False,
    authorized=False,
    paid=False,
    captured_amount=0,
    refunded_amount=0,
    voided=False,
    authorize_uri=None,
    failure_code=None,
    failure_message=None,
    metadata={},
    card=None,
    customer_id=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    expires_at=None,
)
PAID = replace(CHARGE, status="successful", authorized=True, paid=True, captured_amount=39000)


def test_every_status_has_its_roads():
    assert set(TRANSITIONS) == set(OrderStatus)


def test_every_status_can_be_reached():
    reached = {new for roads in TRANSITIONS.values() for new in roads}

    assert reached == set(OrderStatus)


@pytest.mark.parametrize("status", OrderStatus)
def test_every_status_has_its_page(status):
    assert (ROOT / "templates" / "orders" / f"{status}.html").is_file()


def test_every_state_of_an_attempt_has_its_rank():
    assert set(PROGRESS) == set(AttemptState)


def test_every_kind_of_attempt_has_its_orders():
    assert set(MOVABLE) == set(AttemptKind)


def test_no_order_is_payable_once_its_money_moved():
    assert not MOVABLE[AttemptKind.CHARGE] & SETTLED


@pytest.mark.parametrize("kind", sorted(set(AttemptKind) - {AttemptKind.CHARGE}))
def test_only_money_that_moved_can_be_moved_on(kind):
    assert MOVABLE[kind] <= SETTLED


def test_an_attempt_whose_money_moved_is_not_open():
    assert not MONEY_MOVED & OPEN


def test_an_open_attempt_ranks_below_one_that_is_decided():
    decided = set(AttemptState) - OPEN - {AttemptState.REFUSED}

    assert max(PROGRESS[state] for state in OPEN) < min(PROGRESS[state] for state in decided)


@pytest.mark.parametrize("status", OrderStatus)
def test_staying_is_always_allowed(status):
    check_transition("A", status, status)


@pytest.mark.parametrize("status", sorted(SETTLED))
def test_money_that_moved_never_counts_as_failed(status):
    with pytest.raises(InvalidTransition):
        check_transition("A", status, OrderStatus.PAYMENT_FAILED)


@pytest.mark.parametrize(
    ("charge", "back", "status", "state"),
    [
        (CHARGE, False, "confirming", "pending"),
        (replace(CHARGE, authorize_uri="https://bank"), False, "awaiting_payment", "pending"),
        (replace(CHARGE, authorize_uri="https://bank"), True, "confirming", "pending"),
        (replace(CHARGE, authorized=True), False, "authorized", "authorized"),
        (
            replace(CHARGE, authorized=True, authorize_uri="https://bank"),
            False,
            "authorized",
            "authorized",
        ),
        (PAID, False, "paid", "succeeded"),
        (replace(PAID, refunded_amount=1), False, "partially_refunded", "succeeded"),
        (replace(PAID, refunded_amount=39000), False, "refunded", "succeeded"),
        (replace(PAID, captured_amount=9000, refunded_amount=9000), False, "refunded", "succeeded"),
        (replace(CHARGE, status="failed"), True, "payment_failed", "declined"),
        (replace(CHARGE, status="expired"), False, "expired", "declined"),
        (replace(CHARGE, status="reversed"), False, "cancelled", "declined"),
        (replace(CHARGE, status="a_word_of_next_year"), False, "confirming", "pending"),
    ],
)
def test_what_a_charge_means(charge, back, status, state):
    assert order_status_for(charge, back_from_bank=back) == status
    assert attempt_state_for(charge) == state
