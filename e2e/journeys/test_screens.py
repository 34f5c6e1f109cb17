"""Zoom, forced colours, reduced motion and small screens."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CartPage, CheckoutPage, OrderPage, ProductPage
from e2e.pages.checkout import EMAIL, expect_script_running
from e2e.support.cards import VISA, entered_cards
from e2e.support.keyboard import press_at, type_into

MUG = 390_00

STYLE = "(element, name) => getComputedStyle(element)[name]"


@pytest.fixture
def zoomed(new_context):
    """A page of 1280 by 1024 pixels that is shown at 400 %."""
    context = new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    return context.new_page()


def test_shopper_at_400_percent_buys_from_the_keyboard(zoomed, world):
    product = ProductPage.open(zoomed, "mug")
    press_at(product.add_button, "Enter")
    press_at(CartPage(zoomed).checkout_link, "Enter")
    checkout = CheckoutPage(zoomed).with_address()
    expect_script_running(zoomed)
    press_at(checkout.pay_button, "Enter")
    expect(checkout.card.summary).to_be_focused()
    expect(checkout.card.summary).to_be_in_viewport()

    press_at(checkout.card.summary.get_by_role("link", name="Enter your email address."), "Enter")
    entered_cards.append(VISA)
    type_into(checkout.email, EMAIL)
    type_into(checkout.card.name, VISA.name)
    type_into(checkout.card.number, VISA.number)
    type_into(checkout.card.expiry, VISA.expiry)
    type_into(checkout.card.security_code, VISA.security_code)
    press_at(checkout.pay_button, "Enter")

    OrderPage(zoomed).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_forced_colours_keep_borders_and_the_focus(shopper):
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)
    shopper.page.emulate_media(forced_colors="active")

    press_at(checkout.pay_button, "Enter")
    expect(checkout.card.summary).to_be_focused()

    for seen in (checkout.pay_button, checkout.card.number, checkout.card.summary):
        assert seen.evaluate(STYLE, "borderTopStyle") == "solid"
    assert checkout.card.summary.evaluate(STYLE, "outlineStyle") == "solid"
