"""Takes the pictures that `make snapshots` compares; they are not part of `make test`.

Pixels differ between browsers, fonts and machines, so that pictures mean something only beside
those of another revision, taken in the same run.
"""

import os
from pathlib import Path

import pytest

from e2e.pages import CardsPage
from e2e.pages.checkout import expect_script_running
from e2e.support.cards import DECLINED, MASTERCARD, VISA
from e2e.support.layout import SCREENS


def address(path):
    """A page that needs nothing before it."""
    return lambda shopper: shopper.page.goto(path)


def cart(shopper):
    """Two products in the cart."""
    shopper.go_to_checkout("lamp")
    shopper.go_to_checkout("mug", 2)
    shopper.page.goto("/cart")


def checkout_with_errors(shopper):
    """The empty form, submitted."""
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)
    checkout.click_pay()


def cards(shopper):
    """Two saved cards."""
    shopper.sign_up()
    page = CardsPage.open(shopper.page)
    page.add(VISA)
    page.add(MASTERCARD)


PAGES = {
    "home": address("/"),
    "product": address("/products/lamp"),
    "cart": cart,
    "checkout": lambda shopper: shopper.go_to_checkout(),
    "checkout-with-errors": checkout_with_errors,
    "receipt": lambda shopper: shopper.buy_with(VISA),
    "failed-payment": lambda shopper: shopper.go_to_checkout().pay_with(DECLINED),
    "cards": cards,
}

#: What differs from one order to the next.
VARIABLE = "time, dd"


@pytest.mark.parametrize("name", PAGES)
def test_take_pictures(shopper, name):
    page, folder = shopper.page, Path(os.environ["SNAPSHOTS"])
    PAGES[name](shopper)
    for screen, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(
                path=folder / f"{name}-{screen}-{scheme}.png",
                full_page=True,
                animations="disabled",
                mask=[page.locator(VARIABLE)],
            )
