"""Charges of one mug: as the client reads them, and as Omise makes them without the shop."""

from dataclasses import replace
from datetime import UTC, datetime

from storefront.payments.omise import Charge

MUG = 39000

ASKED_FOR = Charge(
    id="chrg_test_1",
    status="pending",
    amount=MUG,
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
TAKEN = replace(ASKED_FOR, status="successful", authorized=True, paid=True, captured_amount=MUG)


def charge_made_for(world, order, amount=MUG, number="4242424242424242", **metadata):
    """Have Omise make a charge that names an order by its number, and perhaps an attempt of it."""
    made = {"amount": amount, "currency": "THB", "card": world.token(number)}
    made["return_uri"] = "http://shop.test/"
    return world.api("POST", "/charges", {**made, "metadata": {"order": order, **metadata}})
