"""Wallets and banking apps: paying on a page of another site."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, OrderPage
from e2e.pages.bank import WalletPage
from e2e.support.cards import VISA
from e2e.support.shopper import Shopper

MUG = 390_00
WALLET = "Rabbit LINE Pay"


@pytest.fixture(params=["shopper", "shopper_without_javascript"])
def guest(request):
    """A guest, also one whose browser runs no scripts."""
    return request.getfixturevalue(request.param)


def test_banking_app_pays(shopper, world):
    shopper.go_to_checkout().pay_by("K PLUS")

    WalletPage(shopper.page, "K PLUS").approve()

    order = OrderPage(shopper.page)
    order.expect_status("paid")
    expect(order.main).to_contain_text("K PLUS")
    assert world.payments() == [(MUG, "successful")]


def test_wallet_pays(guest, world):
    guest.go_to_checkout().pay_by(WALLET)
    expect(guest.page.get_by_role("button", name="Approve")).to_be_visible()
    assert world.payments() == [(MUG, "pending")]

    WalletPage(guest.page).approve()

    OrderPage(guest.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_failed_wallet_is_followed_by_a_card(shopper, world):
    shopper.go_to_checkout().pay_by(WALLET)
    WalletPage(shopper.page).decline()
    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")

    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")

    assert world.payments() == [(MUG, "failed"), (MUG, "successful")]


def test_order_is_paid_after_the_wallet_was_closed(shopper, world):
    order = leave_wallet(shopper)
    order.expect_status("awaiting_payment")

    order.main.get_by_role("link", name=f"Continue to {WALLET}").click()
    WalletPage(shopper.page).approve()

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_abandoned_wallet_is_paid_by_card(shopper, world):
    order = leave_wallet(shopper)

    order.main.get_by_role("button", name="Use a different payment method").click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")

    assert [payment.status for payment in world.payments()] == ["expired", "successful"]


def test_wallet_is_abandoned_without_javascript(shopper_without_javascript, world):
    order = leave_wallet(shopper_without_javascript)

    order.main.get_by_role("button", name="Use a different payment method").click()

    CheckoutPage(shopper_without_javascript.page)
    assert [payment.status for payment in world.payments()] == ["expired"]


def leave_wallet(shopper):
    """Go as far as the wallet's page and close the tab; then open the order again."""
    tab = shopper.page
    shopper.page = tab.context.new_page()
    with tab.expect_request("**/orders/*?to=bank") as order_page:
        Shopper(tab).go_to_checkout().pay_by(WALLET)
    WalletPage(tab)  # a tab that is closed on its way to another site may never be gone
    tab.close()
    number = order_page.value.url.partition("/orders/")[2].partition("?")[0]
    return OrderPage.open(shopper.page, number)
