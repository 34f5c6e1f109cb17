"""Buying with the keyboard alone, on the narrowest screen."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CartPage, CheckoutPage, HomePage, OrderPage, ProductPage
from e2e.pages.checkout import expect_script_running
from e2e.support.cards import VISA, entered_cards
from e2e.support.keyboard import press_at, type_into
from e2e.support.viewport import expect_no_sideways_scroll

MUG = 390_00

#: By the labels of the fields; the country is chosen already.
ADDRESS = {
    "Full name": "Nok Prasert",
    "Address": "99/1 Sukhumvit Road",
    "City": "Bangkok",
    "Postal code": "10110",
    "Phone": "081 234 5678",
}


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 320, "height": 640}}


def test_shopper_buys_from_the_keyboard_at_320_pixels(page, world):
    HomePage.open(page)
    press_at(page.get_by_role("link", name="Stoneware mug"), "Enter")
    product = ProductPage(page)
    expect_no_sideways_scroll(page)
    press_at(product.add_button, "Enter")
    cart = CartPage(page)
    expect_no_sideways_scroll(page)
    press_at(cart.checkout_link, "Enter")
    checkout = CheckoutPage(page)
    expect_script_running(page)

    type_into(checkout.email, "nok@example.com")
    for label, text in ADDRESS.items():
        type_into(checkout.address_field(label), text)
    type_into(checkout.card.name, VISA.name)
    type_into(checkout.card.number, VISA.number)
    type_into(checkout.card.expiry, VISA.expiry.replace(" ", ""))
    type_into(checkout.card.security_code, VISA.security_code)
    expect_no_sideways_scroll(page)
    press_at(checkout.pay_button, "Enter")

    OrderPage(page).expect_status("paid")
    expect_no_sideways_scroll(page)
    assert world.payments() == [(MUG, "successful")]


def test_error_summary_leads_the_keyboard_to_a_field(shopper):
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)
    press_at(checkout.pay_button, "Enter")
    expect(checkout.card.summary).to_be_focused()

    press_at(checkout.card.summary.get_by_role("link", name="Enter the card number."), "Enter")

    expect(checkout.card.number).to_be_focused()
    expect_no_sideways_scroll(shopper.page)


def test_numbers_are_grouped_while_they_are_typed(shopper):
    checkout = shopper.go_to_checkout()
    entered_cards.append(VISA)

    type_into(checkout.card.number, VISA.number)

    expect(checkout.card.number).to_have_value("4242 4242 4242 4242")


def test_every_page_fits_320_pixels(member):
    page = member.page
    member.go_to_checkout().pay_with(VISA, save=True).expect_status("paid")

    for path in ("/", "/cards", "/orders", "/cart", "/products/lamp"):
        page.goto(path)
        expect_no_sideways_scroll(page)


def test_summary_beside_the_form_is_reached_by_tab(shopper):
    shopper.page.set_viewport_size({"width": 1280, "height": 800})
    checkout = shopper.go_to_checkout()
    checkout.email.focus()

    shopper.page.keyboard.press("Shift+Tab")
    shopper.page.keyboard.press("Shift+Tab")

    expect(shopper.page.get_by_role("link", name="Edit cart")).to_be_focused()


def test_summary_above_the_form_is_opened_by_keyboard(shopper):
    checkout = shopper.go_to_checkout()
    checkout.email.focus()
    shopper.page.keyboard.press("Shift+Tab")
    shopper.page.keyboard.press("Shift+Tab")

    shopper.page.keyboard.press("Enter")

    expect(shopper.page.get_by_role("link", name="Edit cart")).to_be_visible()
