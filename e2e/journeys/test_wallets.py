"""Wallets and apps of banks: paying on a page of somebody else's."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, OrderPage
from e2e.pages.bank import WalletPage
from e2e.support.cards import VISA
from e2e.support.shopper import Shopper

MUG = 390_00
WALLET = "Rabbit LINE Pay"


@pytest.fixture(params=["with scripts", "without scripts"])
def anybody(request, new_context):
    """A guest, also one whose browser runs no scripts."""
    return Shopper(new_context(java_script_enabled=request.param == "with scripts").new_page())


@pytest.mark.both_dialects
def test_the_app_of_a_bank_pays(shopper, omise):
    shopper.at_checkout().pay_by("K PLUS")

    WalletPage(shopper.page, "K PLUS").approve()

    order = OrderPage(shopper.page)
    order.expect_status("paid")
    expect(order.main).to_contain_text("K PLUS")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_wallet_pays(anybody, omise):
    anybody.at_checkout().pay_by(WALLET)
    assert omise.payments() == [(MUG, "pending")]

    WalletPage(anybody.page).approve()

    OrderPage(anybody.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_wallet_that_fails_is_followed_by_a_card(shopper, omise):
    shopper.at_checkout().pay_by(WALLET)
    WalletPage(shopper.page).decline()
    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")

    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")

    assert omise.payments() == [(MUG, "failed"), (MUG, "successful")]


@pytest.mark.both_dialects
def test_a_tab_that_was_closed_leaves_an_order_that_can_be_paid(shopper, omise):
    order = left(shopper)
    order.expect_status("awaiting_payment")

    order.main.get_by_role("link", name=f"Continue to {WALLET}").click()
    WalletPage(shopper.page).approve()

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_wallet_is_given_up_for_a_card(shopper, omise):
    order = left(shopper)

    order.main.get_by_role("button", name="Pay in another way").click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")

    assert [payment.status for payment in omise.payments()] == ["expired", "successful"]


def test_a_wallet_is_given_up_without_scripts(new_context, omise):
    plain = Shopper(new_context(java_script_enabled=False).new_page())
    order = left(plain)

    order.main.get_by_role("button", name="Pay in another way").click()

    CheckoutPage(plain.page)
    assert [payment.status for payment in omise.payments()] == ["expired"]


def left(shopper):
    """Go as far as the wallet's page and close the tab; then look at the order again."""
    tab = shopper.page
    shopper.page = tab.context.new_page()
    with tab.expect_request("**/orders/*?to=bank") as order_page:
        Shopper(tab).at_checkout().pay_by(WALLET)
    WalletPage(tab)  # a tab that is closed on its way to another site may never be gone
    tab.close()
    number = order_page.value.url.partition("/orders/")[2].partition("?")[0]
    return OrderPage.open(shopper.page, number)
