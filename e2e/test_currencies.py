"""Prices in other currencies, with as many decimals as each has, from the shelf to Omise."""

import pytest
from playwright.sync_api import expect

from e2e.cards import VISA
from e2e.servers import with_shop
from e2e.test_accessibility import violations

#: Of each shop: how the price of a mug is written, and in subunits.
MUG = {"yen": ("¥1,680", 1680), "dollars": ("$11.00", 11_00)}

pytestmark = with_shop(yen={"STORE_CURRENCY": "JPY"}, dollars={"STORE_CURRENCY": "USD"})


@pytest.mark.both_dialects
def test_a_shopper_pays_in_the_currency_of_the_shop(shopper, omise, request):
    name = next(name for name in MUG if name in request.node.name)
    shown, amount = MUG[name]
    page = shopper.page

    checkout = shopper.at_checkout()
    expect(page.get_by_role("button", name=f"Pay {shown}")).to_be_visible()
    order = checkout.pay_with(VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text(f"We have received {shown}.")
    assert omise.payments() == [(amount, "successful")]
    assert violations(page) == []
