"""3-D Secure, on the bank's page at another site."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, OrderPage
from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.shopper import Shopper

MUG = 390_00


@pytest.mark.both_dialects
def test_approved_payment_is_paid(shopper, world):
    bank = shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    assert world.payments() == [(MUG, "pending")]

    bank.approve()

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_payment_declined_at_the_bank_can_be_tried_again(shopper, world):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).decline()
    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")
    expect(order.heading).to_have_text("Your payment did not go through")

    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")

    assert world.payments() == [(MUG, "failed"), (MUG, "successful")]


def test_payment_cancelled_at_the_bank_fails(shopper, world):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).cancel()

    order = OrderPage(shopper.page)

    order.expect_status("payment_failed")
    expect(order.try_again_link).to_be_visible()
    assert world.payments() == [(MUG, "failed")]


def test_order_is_paid_after_the_bank_page_was_closed(shopper, world):
    number = leave_the_bank(shopper)
    order = OrderPage.open(shopper.page, number)
    order.expect_status("awaiting_payment")
    assert world.payments() == [(MUG, "pending")]

    order.continue_to_bank().approve()

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_waiting_order_page_follows_another_tab(shopper, world):
    number = leave_the_bank(shopper)
    waiting = OrderPage.open(shopper.page, number)
    bank = OrderPage.open(shopper.page.context.new_page(), number).continue_to_bank()

    bank.approve()

    waiting.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_checkout_leads_to_the_pending_payment(shopper, world):
    number = leave_the_bank(shopper)

    shopper.page.goto("/checkout")

    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    assert order.number == number
    assert world.payments() == [(MUG, "pending")]


def test_return_from_the_bank_works_without_cookies(shopper, world):
    bank = shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    shopper.page.context.clear_cookies()

    bank.approve()

    order = OrderPage(shopper.page)
    order.expect_status("paid")
    expect(order.main).to_contain_text("฿390.00")
    assert world.payments() == [(MUG, "successful")]


def test_account_may_require_three_ds_for_every_card(shopper, world):
    world.change_settings(three_ds="always")

    shopper.go_to_checkout().go_to_bank_with(VISA).approve()

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def leave_the_bank(shopper):
    """Go as far as the bank's page and close it: the number of the order."""
    tab = shopper.page
    shopper.page = tab.context.new_page()
    with tab.expect_request("**/orders/*?to=bank") as order_page:
        Shopper(tab).go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    tab.close()
    return order_page.value.url.partition("/orders/")[2].partition("?")[0]
