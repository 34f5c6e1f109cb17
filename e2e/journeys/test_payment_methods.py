"""Choosing a payment method: which are offered, and which are collapsed."""

import re

from playwright.sync_api import expect

from e2e.pages import CartPage, CheckoutPage, ProductPage
from e2e.pages.checkout import EMAIL
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.keyboard import press_at, type_into
from e2e.support.shopper import Shopper
from e2e.support.viewport import PHONE_SIZE

MUG = 390_00


def test_total_above_the_limit_is_not_charged(shopper, world):
    for sku in ("stool", "lamp", "tray", "throw"):
        ProductPage.open(shopper.page, sku).add_to_cart(20)
    expect(CheckoutPage.open(shopper.page).method("PromptPay")).to_be_visible()
    checkout = shopper.go_to_checkout("cushion", 10)
    expect(checkout.method("PromptPay")).to_have_count(0)

    checkout.fill(VISA)
    checkout.click_pay()

    expect(checkout.card.summary).to_contain_text(
        "The total is below the minimum or above the maximum"
    )
    expect(checkout.email).to_have_value(EMAIL)
    expect(CartPage.open(shopper.page).quantity).to_have_count(5)
    assert world.payments() == []


def test_card_fields_follow_the_primary_methods(page):
    page.set_viewport_size(PHONE_SIZE)
    checkout = Shopper(page).go_to_checkout()

    expect(checkout.form.get_by_role("radio")).to_have_count(2)
    expect(checkout.form.get_by_role("radio", name="Card")).to_be_checked()
    choice = checkout.form.get_by_role("radio", name="PromptPay").bounding_box()
    field = checkout.card.number.bounding_box()
    assert field["y"] - choice["y"] < 260


def test_collapsed_methods_are_reached_from_the_keyboard(shopper, world):
    checkout = shopper.go_to_checkout()
    type_into(checkout.email, EMAIL)
    press_at(checkout.form.get_by_role("radio", name="Card"), "Tab")
    summary = checkout.form.get_by_text("Other payment methods")
    expect(summary).to_be_focused()

    shopper.page.keyboard.press("Enter")
    shopper.page.keyboard.press("Shift+Tab")
    shopper.page.keyboard.press("ArrowDown")
    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_focused()
    shopper.page.keyboard.press("ArrowDown")

    chosen = checkout.form.get_by_role("radio", name="K PLUS")
    expect(chosen).to_be_focused()
    expect(chosen).to_be_checked()
    expect(chosen).to_have_accessible_description(re.compile("^You'll be redirected"))
    expect(checkout.card.number).to_be_hidden()
    assert violations(shopper.page) == []
    press_at(checkout.pay_button, "Enter")
    expect(shopper.page.get_by_role("heading", name="K PLUS")).to_be_visible()
    assert world.payments() == [(MUG, "pending")]


def test_keyboard_skips_collapsed_methods(shopper):
    checkout = shopper.go_to_checkout()
    press_at(checkout.form.get_by_role("radio", name="Card"), "ArrowUp")

    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_focused()
    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_checked()


def test_collapsed_selection_is_named(shopper):
    checkout = shopper.go_to_checkout()
    menu = checkout.form.locator("details", has_text="Other payment methods")
    selected = checkout.form.get_by_text("(Rabbit LINE Pay selected)")
    checkout.select_method("Rabbit LINE Pay")
    expect(selected).to_be_hidden()

    menu.locator("summary").click()

    expect(selected).to_be_visible()
    expect(menu.get_by_role("radio")).to_have_count(0)
    assert violations(shopper.page) == []
