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


def test_every_status_has_its_transitions():
    assert set(TRANSITIONS) == set(PaymentStatus)


def test_every_status_can_be_reached():
    reached = {new for targets in TRANSITIONS.values() for new in targets}

    assert reached == set(PaymentStatus)


@pytest.mark.parametrize("status", PaymentStatus)
def test_every_status_has_a_page(status):
    assert (ROOT / "templates" / "orders" / f"{status}.html").is_file()


def test_every_attempt_status_has_a_rank():
    assert set(STATE_RANK) == set(AttemptStatus)


def test_every_attempt_kind_has_its_statuses():
    assert set(ALLOWED_OPERATIONS) == set(OperationType)


def test_funded_payment_is_not_payable():
    assert not ALLOWED_OPERATIONS[OperationType.CHARGE] & SETTLED


def test_every_status_is_payable_in_progress_or_done():
    assert ALLOWED_OPERATIONS[OperationType.CHARGE] | IN_PROGRESS | CLOSED == set(PaymentStatus)
    assert not (ALLOWED_OPERATIONS[OperationType.CHARGE] | IN_PROGRESS) & CLOSED


@pytest.mark.parametrize("kind", sorted(set(OperationType) - {OperationType.CHARGE}))
def test_only_funded_payments_allow_operations(kind):
    assert ALLOWED_OPERATIONS[kind] <= SETTLED


def test_funded_attempt_is_not_open():
    assert not FUNDED & UNRESOLVED


def test_open_attempt_ranks_below_a_resolved_one():
    decided = set(AttemptStatus) - UNRESOLVED - {AttemptStatus.REJECTED}

    assert max(STATE_RANK[state] for state in UNRESOLVED) < min(
        STATE_RANK[state] for state in decided
    )


@pytest.mark.parametrize("status", PaymentStatus)
def test_transition_to_the_same_status_is_allowed(status):
    check_transition("A", status, status)


@pytest.mark.parametrize("status", sorted(SETTLED))
def test_funded_charge_never_counts_as_failed(status):
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
def test_charge_states_map_to_attempt_statuses(charge, back, status, state):
    assert payment_status_for(charge, returned=back) == status
    assert attempt_status_for(charge) == state
