"""Refunds and voids."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omise_sandbox.rules.money import CARD_RATE, VAT, fees
from tests.sandbox.conftest import error_of

DAY = 24 * 60 * 60


def refund(merchant, charge, amount, **params):
    """The response to a refund."""
    return merchant.api.post(f"/charges/{charge['id']}/refunds", amount=amount, **params)


def test_charge_is_refunded_in_parts(merchant):
    charge = merchant.charge()

    first, rest = refund(merchant, charge, 30000).json(), refund(merchant, charge, 70000).json()

    now = merchant.now(charge)
    assert (first["amount"], first["voided"], rest["voided"]) == (30000, False, False)
    assert (now["refunded_amount"], now["refundable"], now["status"]) == (
        100000,
        False,
        "successful",
    )
    assert [each["id"] for each in now["refunds"]["data"]] == [first["id"], rest["id"]]


@pytest.mark.parametrize("amount", [0, -1, 100001, "x", None, 1.5])
def test_refund_above_the_charge_is_rejected(merchant, amount):
    assert error_of(refund(merchant, merchant.charge(), amount)) == (400, "failed_refund")


def test_refund_above_the_captured_amount_is_rejected(merchant):
    held = merchant.charge(capture=False, authorization_type="pre_auth")
    merchant.api.post(f"/charges/{held['id']}/capture", capture_amount=40000)

    assert error_of(refund(merchant, held, 40001)) == (400, "failed_refund")
    assert refund(merchant, held, 40000).status_code == 200


@pytest.mark.parametrize("number", ["4242424242424242", "4000000000000002"])
def test_unpaid_charge_cannot_be_refunded(merchant, number):
    charge = merchant.charge(number, capture=False)

    assert error_of(refund(merchant, charge, 1)) == (400, "failed_refund")


def test_full_refund_before_settlement_is_a_void(merchant):
    charge = merchant.charge()
    assert charge["can_perform_void"] is True

    assert refund(merchant, charge, 100000).json()["voided"] is True

    assert merchant.now(charge)["voided"] is True


def test_full_refund_after_settlement_is_not_a_void(merchant):
    charge = merchant.charge()
    merchant.world.advance(DAY + 1)

    assert error_of(refund(merchant, charge, 100000, void=True)) == (400, "failed_void")
    assert refund(merchant, charge, 100000).json()["voided"] is False

    assert merchant.now(charge)["voided"] is False


def test_sixteenth_refund_is_rejected(merchant):
    charge = merchant.charge()

    answers = [refund(merchant, charge, 1).status_code for _ in range(16)]

    assert answers == [200] * 15 + [400]


def test_refund_after_a_year_is_rejected(merchant):
    charge = merchant.charge()

    merchant.world.advance(366 * DAY)

    assert error_of(refund(merchant, charge, 1)) == (400, "failed_refund")


def test_refunds_are_retrieved_and_listed(merchant):
    charge, other = merchant.charge(), merchant.charge()
    made = refund(merchant, charge, 5000, metadata={"why": "late"}).json()
    refund(merchant, other, 6000)

    path = f"/charges/{charge['id']}/refunds"
    assert merchant.api.get(f"{path}/{made['id']}").json() == made
    assert merchant.api.get(path).json()["data"] == [made]
    assert merchant.api.get("/refunds").json()["total"] == 2
    answer = merchant.api.get(f"/charges/{other['id']}/refunds/{made['id']}")
    assert error_of(answer) == (404, "not_found")
    assert merchant.events()[-2:] == ["refund.create", "refund.create"]


@given(st.integers(min_value=0, max_value=10**12))
@settings(max_examples=200, deadline=None)
def test_fee_vat_and_net_add_up(amount):
    fee, vat, net = fees(amount, CARD_RATE, VAT["THB"])

    assert fee + vat + net == amount
    assert abs(fee * 10_000 - amount * 365) <= 5_000


def test_foreign_refunds_add_up_to_the_funding_amount(merchant):
    merchant.control("POST", "settings", {"country": "SG"})
    charge = merchant.charge(amount=110, currency="jpy")

    first, rest = (refund(merchant, charge, 55).json() for _ in range(2))

    assert first["funding_amount"] + rest["funding_amount"] == charge["funding_amount"]
    assert (first["amount"], rest["amount"]) == (55, 55)
