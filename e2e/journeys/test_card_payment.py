"""The straight road: choose, pay, see the receipt."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CartPage, CheckoutPage, HomePage, OrderPage, OrdersPage
from e2e.support.cards import DECLINED, MASTERCARD, OTHER_VISA, VISA, Card

MUG = 390_00
LAMP = 1890_00


@pytest.mark.both_dialects
@pytest.mark.parametrize("card", [VISA, MASTERCARD, OTHER_VISA], ids=lambda card: card.number)
def test_a_guest_pays_with_a_card_that_works(shopper, omise, card):
    checkout = shopper.at_checkout("mug", quantity=2)

    order = checkout.pay_with(card)

    order.expect_status("paid")
    expect(order.heading).to_have_text("Thank you, your order is paid")
    expect(order.main).to_contain_text("฿780.00")
    expect(order.main).to_contain_text(card.label, ignore_case=True)
    assert omise.payments() == [(2 * MUG, "successful")]


def test_a_shopper_finds_the_way_from_the_shelf_to_the_receipt(page, omise):
    lamp = HomePage.open(page).choose("Paper table lamp")

    order = lamp.add_to_cart().check_out().pay_with(VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text("Paper table lamp")
    expect(order.main).to_contain_text("nok@example.com")
    assert omise.payments() == [(LAMP, "successful")]


@pytest.mark.both_dialects
def test_a_member_pays_and_finds_the_order_again(member, omise):
    order = member.has_paid_with(VISA)
    number = order.number

    orders = OrdersPage.open(member.page)

    expect(orders.main.get_by_role("listitem")).to_have_count(1)
    expect(orders.main).to_contain_text(number)
    assert omise.payments() == [(MUG, "successful")]


def test_the_cart_is_empty_after_paying(shopper):
    shopper.has_paid_with(VISA)

    cart = CartPage.open(shopper.page)

    expect(cart.main).to_contain_text("Your cart is empty")


@pytest.mark.both_dialects
def test_after_a_declined_card_a_good_one_pays_the_same_order(shopper, omise):
    order = shopper.at_checkout().pay_with(DECLINED)
    order.expect_status("payment_failed")
    expect(order.main).to_contain_text("Your bank declined the payment.")
    expect(order.main).to_contain_text("Try another card, or ask your bank.")
    number = order.number

    order.try_again_link.click()
    order = CheckoutPage(shopper.page).pay_with(VISA)

    order.expect_status("paid")
    assert order.number == number
    assert omise.payments() == [(MUG, "failed"), (MUG, "successful")]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4111111111140011", "There is not enough money on this card."),
        ("4111111111130012", "Your bank has blocked this card."),
        ("4111111111160001", "The security code is not right."),
    ],
)
def test_a_refusal_is_told_in_words_a_shopper_understands(shopper, omise, number, words):
    order = shopper.at_checkout().pay_with(Card(number))

    order.expect_status("payment_failed")
    expect(order.main).to_contain_text(words)
    assert omise.payments() == [(MUG, "failed")]


def test_an_order_opens_again_at_its_address(shopper, omise):
    number = shopper.has_paid_with(VISA).number

    order = OrderPage.open(shopper.page, number)

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]
