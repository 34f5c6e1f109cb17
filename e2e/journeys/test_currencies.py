"""Prices in other currencies, with as many decimals as each has, from the shelf to Omise."""

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, HomePage
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.servers import with_shop


class Currency(NamedTuple):
    """A currency that a shop sells in."""

    #: Of the account; it need not be one whose own currency this is.
    country: str
    #: How the prices of one mug and of two are written.
    mug: str
    mugs: str
    #: What two mugs cost, in subunits.
    amount: int
    #: A way to pay besides cards; only an account whose own currency this is has any.
    method: str | None = None


#: Baht is what the rest of the journeys pay in.
CURRENCIES = {
    "JPY": Currency("JP", "¥1,680", "¥3,360", 3360, "PayPay"),
    "SGD": Currency("SG", "SGD 15.00", "SGD 30.00", 30_00, "PayNow"),
    "MYR": Currency("MY", "MYR 49.00", "MYR 98.00", 98_00, "DuitNow QR"),
    "USD": Currency("TH", "$11.00", "$22.00", 22_00),
    "EUR": Currency("SG", "€10.00", "€20.00", 20_00),
    "GBP": Currency("MY", "£9.00", "£18.00", 18_00),
}

pytestmark = with_shop(**{name: {"STORE_CURRENCY": name} for name in CURRENCIES})


@pytest.fixture
def currency(shop_settings, omise):
    """What the shop sells in, at an account that may charge in it."""
    found = CURRENCIES[shop_settings["STORE_CURRENCY"]]
    omise.is_asked_for(country=found.country)
    return found


@pytest.mark.both_dialects
def test_a_shopper_pays_in_the_currency_of_the_shop(shopper, omise, currency, shop_settings):
    page = shopper.page
    home = HomePage.open(page)
    expect(home.products.filter(has_text="Stoneware mug")).to_contain_text(currency.mug)
    product = home.choose("Stoneware mug")
    expect(page.get_by_role("main")).to_contain_text(currency.mug)
    cart = product.add_to_cart(2)
    expect(cart.main).to_contain_text(f"{currency.mug} each")
    expect(cart.main).to_contain_text(f"Total {currency.mugs}")

    checkout = cart.check_out()
    expect(checkout.main).to_contain_text(f"Total {currency.mugs}")
    expect(checkout.pay_button).to_have_accessible_name(f"Pay {currency.mugs}")
    expect_offered(checkout, currency.method)
    order = checkout.pay_with(VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text(f"We have received {currency.mugs}.")
    expect(order.main).to_contain_text(f"Total {currency.mugs}")
    assert omise.payments() == [(currency.amount, "successful")]
    assert omise.currencies() == [shop_settings["STORE_CURRENCY"]]
    assert violations(page) == []


def expect_offered(checkout: CheckoutPage, method: str | None) -> None:
    """Besides a card, what the account has for the currency is offered; nothing of Thailand's."""
    if method:
        expect(checkout.method(method)).to_be_visible()
    else:
        expect(checkout.page.get_by_role("radio")).to_have_count(0)
    expect(checkout.method("PromptPay")).to_have_count(0)
