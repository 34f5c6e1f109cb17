"""Charges whose metadata was rewritten, that cannot be true, or that other keys made."""

from dataclasses import replace

import pytest

from storefront.payments.statuses import AttemptStatus, PaymentStatus
from tests.support.charges import ASKED_FOR, TAKEN
from tests.support.records import a_payment, save


@pytest.fixture
def confirming(services, clock):
    """A payment whose only attempt is unknown."""
    payment = a_payment(clock(), AttemptStatus.UNKNOWN, status=PaymentStatus.CONFIRMING)
    return save(services.database, payment)


def charge_of(payment, charge=TAKEN, **changes):
    metadata = {"order": payment.reference, "attempt": payment.attempts[0].key}
    return replace(charge, metadata=metadata, **changes)


@pytest.mark.parametrize("metadata", [{}, {"risk": "ok"}, {"order": "ERP-1"}, {"attempt": "x"}])
def test_recorded_charge_is_applied_despite_rewritten_metadata(services, confirming, metadata):
    waiting = replace(charge_of(confirming, ASKED_FOR), authorize_uri="https://bank.test")
    services.engine.sync.apply_charge(waiting)

    services.engine.sync.apply_charge(replace(charge_of(confirming), metadata=metadata))

    assert services.engine.repository.get(confirming.reference).status == "paid"


#: Readings that no charge can have.
IMPOSSIBLE: dict[str, dict[str, object]] = {
    "more refunded than captured": {"refunded_amount": TAKEN.captured_amount + 1},
    "more captured than charged": {"captured_amount": TAKEN.amount + 1},
    "refunded below zero": {"refunded_amount": -1},
    "unknown status": {"status": "paid_twice"},
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_impossible_charge_changes_nothing_and_is_logged(services, confirming, name, caplog):
    services.engine.sync.apply_charge(charge_of(confirming, **IMPOSSIBLE[name]))

    assert services.engine.repository.get(confirming.reference).status == "confirming"
    assert "charge_contradicts_attempt" in caplog.text


def test_unresolved_payment_of_another_account_frees_the_cart(services, shopper, world, clock):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    first = shopper.order_number
    services.engine.account._id = "account_of_new_keys"

    shopper.pays()

    assert (shopper.status, shopper.order_number != first) == ("paid", True)
    assert services.engine.repository.get(first).status == "confirming"


def test_charge_id_goes_before_the_key_of_another_attempt(services, confirming, clock):
    other = save(services.database, a_payment(clock(), AttemptStatus.UNKNOWN, reference="B2"))
    waiting = replace(charge_of(confirming, ASKED_FOR), authorize_uri="https://bank.test")
    services.engine.sync.apply_charge(waiting)

    services.engine.sync.apply_charge(charge_of(other))

    assert services.engine.repository.get(confirming.reference).status == "paid"
    assert services.engine.repository.get(other.reference).attempts[0].is_unresolved


def test_lost_charge_whose_reference_was_removed_is_applied(services, confirming):
    key = confirming.attempts[0].key
    services.engine.sync.apply_charge(replace(TAKEN, metadata={"attempt": key}))

    assert services.engine.repository.get(confirming.reference).status == "paid"
