"""Paying by card, from the product to the receipt."""

import re

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, HomePage, OrdersPage
from e2e.support.cards import DECLINED, MASTERCARD, VISA, Card

MUG = 390_00
LAMP = 1890_00


@pytest.mark.both_dialects
@pytest.mark.parametrize("card", [VISA, MASTERCARD], ids=lambda card: card.brand)
def test_guest_pays_with_a_valid_card(shopper, world, card):
    checkout = shopper.go_to_checkout("mug", quantity=2)

    order = checkout.pay_with(card)

    order.expect_status("paid")
    expect(order.heading).to_have_text("Thank you for your order")
    expect(order.main).to_contain_text("฿780.00")
    expect(order.main).to_contain_text(card.label, ignore_case=True)
    assert world.payments() == [(2 * MUG, "successful")]


def test_shopper_goes_from_the_home_page_to_the_receipt(page, world):
    lamp = HomePage.open(page).open_product("Paper table lamp")

    order = lamp.add_to_cart().check_out().pay_with(VISA)

    order.expect_status("paid")
    expect(page).to_have_title(re.compile(f"^{re.escape(order.heading.inner_text())}"))
    expect(order.main).to_contain_text("Paper table lamp")
    expect(order.main).to_contain_text("nok@example.com")
    assert world.payments() == [(LAMP, "successful")]


def test_member_pays_and_finds_the_order(member, world):
    order = member.buy_with(VISA)
    number = order.number

    orders = OrdersPage.open(member.page)

    expect(orders.main.get_by_role("listitem")).to_have_count(1)
    expect(orders.main).to_contain_text(number)
    assert world.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_valid_card_pays_the_order_of_a_declined_one(shopper, world):
    order = shopper.go_to_checkout().pay_with(DECLINED)
    order.expect_status("payment_failed")
    expect(order.main).to_contain_text("Your bank declined the payment.")
    expect(order.main).to_contain_text("Try another card or contact your bank.")
    number = order.number

    order.try_again_link.click()
    order = CheckoutPage(shopper.page).pay_with(VISA)

    order.expect_status("paid")
    assert order.number == number
    assert world.payments() == [(MUG, "failed"), (MUG, "successful")]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4111111111140011", "Insufficient funds."),
        ("4111111111130012", "Your bank declined the payment."),
        ("4111111111160001", "Your security code is incorrect."),
    ],
)
def test_decline_is_explained(shopper, world, number, words):
    order = shopper.go_to_checkout().pay_with(Card(number))

    order.expect_status("payment_failed")
    expect(order.main).to_contain_text(words)
    assert world.payments() == [(MUG, "failed")]
