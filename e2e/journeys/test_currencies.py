"""Buying in other currencies, from the catalogue to the charge at Omise."""

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, HomePage
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.servers import with_shop


class Currency(NamedTuple):
    """A currency that a shop sells in."""

    #: Of the account, whose own currency may be another.
    country: str
    #: The prices of one mug and of two, as they are written.
    mug: str
    mugs: str
    #: The price of two mugs and their delivery at home, as it is written, and in subunits.
    total: str
    amount: int
    #: A payment method besides cards, which an account has for its own currency only.
    method: str | None = None


#: One without decimals, and one that is of no account's own; the other journeys pay in baht, and
#: `tests/payments/test_currencies.py` has them all.
CURRENCIES = {
    "JPY": Currency("JP", "¥1,680", "¥3,360", "¥5,260", 5260, "PayPay"),
    "USD": Currency("TH", "$11.00", "$22.00", "$47.00", 47_00),
}

pytestmark = with_shop(**{name: {"STORE_CURRENCY": name} for name in CURRENCIES})


@pytest.fixture
def currency(shop_settings, world):
    """The currency of the shop, at an account that may charge in it."""
    found = CURRENCIES[shop_settings["STORE_CURRENCY"]]
    world.change_settings(country=found.country)
    return found


def test_shopper_pays_in_the_currency_of_the_shop(shopper, world, currency, shop_settings):
    page = shopper.page
    home = HomePage.open(page)
    expect(home.products.filter(has_text="Stoneware mug")).to_contain_text(currency.mug)
    product = home.open_product("Stoneware mug")
    expect(page.get_by_role("main")).to_contain_text(currency.mug)
    cart = product.add_to_cart(2)
    expect(cart.main).to_contain_text(f"{currency.mug} each")
    expect(cart.main).to_contain_text(f"Subtotal {currency.mugs}")

    checkout = cart.check_out()
    expect(checkout.main).to_contain_text(f"Total {currency.total}")
    expect(checkout.pay_button).to_have_accessible_name(f"Pay {currency.total}")
    expect_offered(checkout, currency.method)
    order = checkout.pay_with(VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text(f"We have received your payment of {currency.total}.")
    expect(order.main).to_contain_text(f"Total {currency.total}")
    assert world.payments() == [(currency.amount, "successful")]
    assert world.currencies() == [shop_settings["STORE_CURRENCY"]]
    assert violations(page) == []


def expect_offered(checkout: CheckoutPage, method: str | None) -> None:
    """Besides a card, only the method that the account has for the currency is offered."""
    if method:
        expect(checkout.method(method)).to_be_visible()
    else:
        expect(checkout.page.get_by_role("radio")).to_have_count(0)
    expect(checkout.method("PromptPay")).to_have_count(0)
