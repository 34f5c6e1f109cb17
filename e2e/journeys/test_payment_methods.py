"""Choosing how to pay: what is offered, what is folded away, and how it is unfolded."""

import re

import pytest
from playwright.sync_api import expect

from e2e.pages import CartPage, CheckoutPage, ProductPage
from e2e.pages.checkout import EMAIL
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.keyboard import press_at, write_in
from e2e.support.shopper import Shopper

MUG = 390_00


@pytest.mark.both_dialects
def test_above_the_limit_of_the_account_nothing_is_offered_or_charged(
    shopper, omise, quiet_browser
):
    quiet_browser.expect("status of 422")
    for sku in ("stool", "teapot", "lamp"):
        ProductPage.open(shopper.page, sku).add_to_cart(20)
    expect(CheckoutPage.open(shopper.page).method("PromptPay")).to_be_visible()
    checkout = shopper.at_checkout("throw", 10)
    expect(checkout.method("PromptPay")).to_have_count(0)

    checkout.enter(VISA)
    checkout.press_pay()

    expect(checkout.card.summary).to_contain_text("The total is too small or too large")
    expect(checkout.email).to_have_value(EMAIL)
    expect(CartPage.open(shopper.page).quantity).to_have_count(4)
    assert omise.payments() == []


def test_the_fields_of_a_card_stand_right_below_the_few_ways_that_are_seen_at_once(page):
    page.set_viewport_size({"width": 360, "height": 780})
    checkout = Shopper(page).at_checkout()

    expect(checkout.form.get_by_role("radio")).to_have_count(2)
    expect(checkout.form.get_by_role("radio", name="Card")).to_be_checked()
    choice = checkout.form.get_by_role("radio", name="PromptPay").bounding_box()
    field = checkout.card.name.bounding_box()
    assert field["y"] - choice["y"] < 200


def test_the_other_ways_are_unfolded_and_chosen_from_the_keyboard(shopper, omise):
    checkout = shopper.at_checkout()
    write_in(checkout.email, EMAIL)
    press_at(checkout.form.get_by_role("radio", name="Card"), "Tab")
    summary = checkout.form.get_by_text("Other ways to pay")
    expect(summary).to_be_focused()

    shopper.page.keyboard.press("Enter")
    shopper.page.keyboard.press("Shift+Tab")
    shopper.page.keyboard.press("ArrowDown")
    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_focused()
    shopper.page.keyboard.press("ArrowDown")

    chosen = checkout.form.get_by_role("radio", name="K PLUS")
    expect(chosen).to_be_focused()
    expect(chosen).to_be_checked()
    expect(chosen).to_have_accessible_description(re.compile("^We take you there"))
    expect(checkout.card.number).to_be_hidden()
    assert violations(shopper.page) == []
    press_at(checkout.pay_button, "Enter")
    expect(shopper.page.get_by_role("heading", name="K PLUS")).to_be_visible()
    assert omise.payments() == [(MUG, "pending")]


def test_the_keyboard_passes_over_what_is_folded(shopper):
    checkout = shopper.at_checkout()
    press_at(checkout.form.get_by_role("radio", name="Card"), "ArrowUp")

    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_focused()
    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_checked()


def test_a_choice_that_is_folded_away_is_told_of(shopper):
    checkout = shopper.at_checkout()
    summary = checkout.form.locator("summary", has_text="Other ways to pay")
    told = summary.get_by_text("one of them is chosen")
    checkout.choose("Rabbit LINE Pay")
    expect(told).to_be_hidden()

    summary.click()

    expect(told).to_be_visible()
    assert violations(shopper.page) == []
