"""The tables of states are complete and lead somewhere."""

from dataclasses import replace

import pytest

from storefront.payments.errors import InvalidTransition
from storefront.payments.statuses import (
    ALLOWED_OPERATIONS,
    CLOSED,
    FUNDED,
    IN_PROGRESS,
    SETTLED,
    STATE_RANK,
    TRANSITIONS,
    UNRESOLVED,
    AttemptStatus,
    OperationType,
    PaymentStatus,
    attempt_status_for,
    check_transition,
    payment_status_for,
)
from tests.support.charges import ASKED_FOR, MUG, TAKEN
from tests.support.programs import ROOT


def test_every_status_has_its_roads():
    assert set(TRANSITIONS) == set(PaymentStatus)


def test_every_status_can_be_reached():
    reached = {new for roads in TRANSITIONS.values() for new in roads}

    assert reached == set(PaymentStatus)


@pytest.mark.parametrize("status", PaymentStatus)
def test_every_status_has_its_page(status):
    assert (ROOT / "templates" / "orders" / f"{status}.html").is_file()


def test_every_state_of_an_attempt_has_its_rank():
    assert set(STATE_RANK) == set(AttemptStatus)


def test_every_kind_of_attempt_has_its_orders():
    assert set(ALLOWED_OPERATIONS) == set(OperationType)


def test_no_order_is_payable_once_its_money_moved():
    assert not ALLOWED_OPERATIONS[OperationType.CHARGE] & SETTLED


def test_a_cart_can_be_paid_or_is_being_paid_or_is_done_with():
    assert ALLOWED_OPERATIONS[OperationType.CHARGE] | IN_PROGRESS | CLOSED == set(PaymentStatus)
    assert not (ALLOWED_OPERATIONS[OperationType.CHARGE] | IN_PROGRESS) & CLOSED


@pytest.mark.parametrize("kind", sorted(set(OperationType) - {OperationType.CHARGE}))
def test_only_money_that_moved_can_be_moved_on(kind):
    assert ALLOWED_OPERATIONS[kind] <= SETTLED


def test_an_attempt_whose_money_moved_is_not_open():
    assert not FUNDED & UNRESOLVED


def test_an_open_attempt_ranks_below_one_that_is_decided():
    decided = set(AttemptStatus) - UNRESOLVED - {AttemptStatus.REJECTED}

    assert max(STATE_RANK[state] for state in UNRESOLVED) < min(
        STATE_RANK[state] for state in decided
    )


@pytest.mark.parametrize("status", PaymentStatus)
def test_staying_is_always_allowed(status):
    check_transition("A", status, status)


@pytest.mark.parametrize("status", sorted(SETTLED))
def test_money_that_moved_never_counts_as_failed(status):
    with pytest.raises(InvalidTransition):
        check_transition("A", status, PaymentStatus.PAYMENT_FAILED)


@pytest.mark.parametrize(
    ("charge", "back", "status", "state"),
    [
        (ASKED_FOR, False, "confirming", "pending"),
        (replace(ASKED_FOR, authorize_uri="https://bank"), False, "awaiting_payment", "pending"),
        (replace(ASKED_FOR, authorize_uri="https://bank"), True, "confirming", "pending"),
        (replace(ASKED_FOR, authorized=True), False, "authorized", "authorized"),
        (
            replace(ASKED_FOR, authorized=True, authorize_uri="https://bank"),
            False,
            "authorized",
            "authorized",
        ),
        (TAKEN, False, "paid", "succeeded"),
        (replace(TAKEN, refunded_amount=1), False, "partially_refunded", "succeeded"),
        (replace(TAKEN, refunded_amount=MUG), False, "refunded", "succeeded"),
        (
            replace(TAKEN, captured_amount=9000, refunded_amount=9000),
            False,
            "refunded",
            "succeeded",
        ),
        (replace(ASKED_FOR, status="failed"), True, "payment_failed", "declined"),
        (replace(ASKED_FOR, status="expired"), False, "expired", "declined"),
        (replace(ASKED_FOR, status="reversed"), False, "cancelled", "declined"),
        (replace(ASKED_FOR, status="a_word_of_next_year"), False, "confirming", "pending"),
    ],
)
def test_what_a_charge_means(charge, back, status, state):
    assert payment_status_for(charge, returned=back) == status
    assert attempt_status_for(charge) == state
