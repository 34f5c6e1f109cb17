"""3-D Secure: the bank, on another site, wants to know who is paying."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, OrderPage
from e2e.support.cards import ASKS_THE_BANK, VISA
from e2e.support.shopper import Shopper

MUG = 390_00


@pytest.mark.both_dialects
def test_an_approved_payment_is_paid(shopper, omise):
    bank = shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK)
    assert omise.payments() == [(MUG, "pending")]

    bank.approve()

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_payment_that_the_bank_declines_fails_and_can_be_tried_again(shopper, omise):
    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK).decline()
    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")
    expect(order.heading).to_have_text("Your payment did not go through")

    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")

    assert omise.payments() == [(MUG, "failed"), (MUG, "successful")]


@pytest.mark.both_dialects
def test_a_payment_cancelled_at_the_bank_fails(shopper, omise):
    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK).cancel()

    order = OrderPage(shopper.page)

    order.expect_status("payment_failed")
    expect(order.try_again_link).to_be_visible()
    assert omise.payments() == [(MUG, "failed")]


def test_a_bank_page_that_was_closed_leaves_an_order_that_can_still_be_paid(shopper, omise):
    number = leave_the_bank(shopper)
    order = OrderPage.open(shopper.page, number)
    order.expect_status("awaiting_payment")
    assert omise.payments() == [(MUG, "pending")]

    order.continue_to_bank().approve()

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_an_order_page_that_waits_learns_what_happened_in_another_tab(shopper, omise):
    number = leave_the_bank(shopper)
    waiting = OrderPage.open(shopper.page, number)
    bank = OrderPage.open(shopper.page.context.new_page(), number).continue_to_bank()

    bank.approve()

    waiting.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_who_pays_again_while_the_bank_waits_is_led_to_the_same_payment(shopper, omise):
    number = leave_the_bank(shopper)

    shopper.page.goto("/checkout")

    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    assert order.number == number
    assert omise.payments() == [(MUG, "pending")]


def test_the_way_back_from_the_bank_works_without_any_cookie(shopper, omise):
    bank = shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK)
    shopper.page.context.clear_cookies()

    bank.approve()

    order = OrderPage(shopper.page)
    order.expect_status("paid")
    expect(order.main).to_contain_text("฿390.00")
    assert omise.payments() == [(MUG, "successful")]


def test_an_account_may_send_every_card_to_the_bank(shopper, omise):
    omise.is_asked_for(three_ds="always")

    shopper.at_checkout().go_to_bank_with(VISA).approve()

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def leave_the_bank(shopper):
    """Go as far as the bank's page and close it: the number of the order."""
    tab = shopper.page
    shopper.page = tab.context.new_page()
    with tab.expect_request("**/orders/*?to=bank") as order_page:
        Shopper(tab).at_checkout().go_to_bank_with(ASKS_THE_BANK)
    tab.close()
    return order_page.value.url.partition("/orders/")[2].partition("?")[0]
