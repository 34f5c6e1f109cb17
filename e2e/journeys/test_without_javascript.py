"""With JavaScript switched off: everything but a new card."""

import pytest
from playwright.sync_api import expect

from e2e.pages import BankPage, CheckoutPage, HomePage, OrderPage
from e2e.pages.checkout import EMAIL
from e2e.support.cards import ASKS_THE_BANK, VISA
from e2e.support.shopper import Shopper

MUG = 390_00


@pytest.fixture
def plain(new_context):
    """A guest whose browser runs no scripts."""
    return Shopper(new_context(java_script_enabled=False).new_page())


def test_a_guest_browses_fills_a_cart_and_reads_what_a_new_card_needs(plain):
    cart = HomePage.open(plain.page).choose("Stoneware mug").add_to_cart()
    cart.change_quantity(3)
    expect(cart.main).to_contain_text("฿1,170.00")

    checkout = cart.check_out()

    # Playwright leaves <noscript> out of the text of what is around it.
    notice = checkout.main.locator("noscript .notice")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("A new card needs JavaScript.")


def test_a_new_card_form_that_is_sent_anyway_says_what_is_missing(plain, omise, quiet_browser):
    quiet_browser.expect("status of 422")
    checkout = plain.at_checkout()
    checkout.email.fill(EMAIL)

    checkout.press_pay()

    expect(CheckoutPage(plain.page).card.summary).to_contain_text("Enter your card")
    assert omise.payments() == []


def test_a_saved_card_pays(member, new_context, omise):
    member.has_saved(VISA)
    plain = without_scripts(member, new_context)
    checkout = plain.at_checkout()
    checkout.choose(VISA.label)

    order = checkout.pay()

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_saved_card_goes_to_the_bank_and_comes_back(member, new_context, omise):
    member.has_saved(ASKS_THE_BANK)
    plain = without_scripts(member, new_context)
    checkout = plain.at_checkout()
    checkout.choose(ASKS_THE_BANK.label)
    checkout.press_pay()

    BankPage(plain.page).approve()

    OrderPage(plain.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def without_scripts(member, new_context):
    """The same member at a browser that runs no scripts."""
    state = member.page.context.storage_state()
    return Shopper(new_context(java_script_enabled=False, storage_state=state).new_page())
