"""Charges of one mug, as the client reads them from Omise."""

from dataclasses import replace
from datetime import UTC, datetime

from storefront.omise import Charge

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
