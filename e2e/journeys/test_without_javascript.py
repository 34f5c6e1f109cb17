"""With JavaScript switched off: everything except a new card."""

import pytest
from playwright.sync_api import expect

from e2e.pages import BankPage, HomePage, OrderPage
from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.purchases import save_cards

MUG = 390_00


@pytest.fixture
def member_without_javascript(shopper_without_javascript):
    """A member whose browser runs no scripts."""
    shopper_without_javascript.sign_up()
    return shopper_without_javascript


def test_guest_fills_a_cart_and_reads_what_a_new_card_needs(shopper_without_javascript):
    page = shopper_without_javascript.page
    cart = HomePage.open(page).open_product("Stoneware mug").add_to_cart()
    cart.change_quantity(3)
    expect(cart.main).to_contain_text("฿1,170.00")

    checkout = cart.check_out()

    # Playwright leaves <noscript> out of the text of what is around it.
    notice = checkout.main.locator("noscript .omise-notice")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("Entering a new card requires JavaScript.")


def test_new_card_cannot_be_sent(shopper_without_javascript):
    checkout = shopper_without_javascript.go_to_checkout()
    note = checkout.main.get_by_text("Your card details go straight to Omise")

    expect(checkout.pay_button).to_be_hidden()
    expect(note).to_be_hidden()
    checkout.select_method("PromptPay")

    expect(checkout.pay_button).to_be_visible()
    expect(note).to_be_hidden()


def test_a_saved_card_pays(member_without_javascript, world):
    save_cards(member_without_javascript.page.request, world, VISA)
    checkout = member_without_javascript.go_to_checkout()
    checkout.new_card.check()
    expect(checkout.pay_button).to_be_hidden()
    checkout.select_method(VISA.label)
    expect(checkout.main.get_by_text("Your card details go straight to Omise")).to_be_hidden()

    order = checkout.pay()

    order.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_saved_card_with_three_ds_pays(member_without_javascript, world):
    save_cards(member_without_javascript.page.request, world, THREE_DS_CARD)
    checkout = member_without_javascript.go_to_checkout()
    checkout.select_method(THREE_DS_CARD.label)
    checkout.click_pay()

    BankPage(checkout.page).approve()

    OrderPage(checkout.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
