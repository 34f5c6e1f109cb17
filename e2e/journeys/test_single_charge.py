"""One order, one charge: whatever is clicked twice, reloaded, gone back to or lost on the way."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CartPage, CheckoutPage, OrderPage, OrdersPage
from e2e.support.cards import OTHER_VISA, VISA

MUG = 390_00
LAMP = 1890_00

CHARGE_TWICE_AT_ONCE = """async (tokens) => {
  const charge = (token) => fetch("/charge", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  })
  const responses = await Promise.all(tokens.map(charge))
  const bodies = await Promise.all(responses.map((response) => response.json()))
  return bodies.map((body) => body.order)
}"""


def test_a_double_click_pays_once(member, omise):
    checkout = member.at_checkout()
    checkout.enter(VISA)

    checkout.pay_button.dblclick()

    OrderPage(member.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]
    orders = OrdersPage.open(member.page)
    expect(orders.main.get_by_role("listitem")).to_have_count(1)


def test_two_calls_at_the_same_moment_pay_once(shopper, omise):
    checkout = shopper.at_checkout()
    tokens = [checkout.create_token(VISA), checkout.create_token(OTHER_VISA)]

    numbers = shopper.page.evaluate(CHARGE_TWICE_AT_ONCE, tokens)

    assert len(set(numbers)) == 1
    OrderPage.open(shopper.page, numbers[0]).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_two_tabs_pay_once(shopper, omise):
    first = shopper.at_checkout()
    second = CheckoutPage.open(shopper.page.context.new_page())
    number = first.pay_with(VISA).number

    order = second.pay_with(OTHER_VISA)

    order.expect_status("paid")
    assert order.number == number
    assert omise.payments() == [(MUG, "successful")]


def test_a_page_with_an_old_total_takes_nothing_and_shows_the_new_one(
    shopper, omise, quiet_browser
):
    quiet_browser.expect("status of 409")
    old = shopper.at_checkout()
    cart = CartPage.open(shopper.page.context.new_page())
    cart.change_quantity(3)
    expect(cart.main).to_contain_text("฿1,170.00")
    old.enter(VISA)

    old.press_pay()

    expect(old.card.summary).to_contain_text("The total has changed.")
    expect(old.pay_button).to_have_accessible_name("Pay ฿1,170.00")
    assert omise.payments() == []


def test_reloading_the_order_pays_nothing_more(shopper, omise):
    order = shopper.has_paid_with(VISA)

    shopper.page.reload()

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_the_back_button_after_paying_leads_to_an_empty_cart(shopper, omise):
    shopper.has_paid_with(VISA)

    shopper.page.go_back()

    expect(CartPage(shopper.page).main).to_contain_text("Your cart is empty")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_token_that_expired_between_page_and_payment_is_explained(shopper, omise):
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    omise.lets_time_pass(minutes=31)

    checkout.send(token)

    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")
    expect(order.main).to_contain_text("The page was open for too long")
    expect(order.main).to_contain_text("You have not been charged. Enter your card again.")
    assert omise.payments() == []
    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_token_that_paid_one_order_does_not_pay_another(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 409")
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    checkout.send(token)
    OrderPage(shopper.page).expect_status("paid")

    checkout = shopper.at_checkout("lamp")
    checkout.send(token)

    expect(checkout.card.summary).to_contain_text("These card details were used already.")
    assert omise.payments() == [(MUG, "successful")]
    checkout.pay_with(VISA).expect_status("paid")
    assert omise.payments() == [(MUG, "successful"), (LAMP, "successful")]


@pytest.mark.both_dialects
def test_a_token_that_omise_knows_as_used_is_explained(shopper, omise):
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    omise.charge(token, amount=100_00)

    checkout.send(token)

    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")
    expect(order.main).to_contain_text("These card details were used already.")
    assert omise.payments() == [(100_00, "successful")]


@pytest.mark.parametrize("loss", ["drop_after", "garbage"])
def test_a_charge_whose_answer_is_lost_is_found_and_not_made_again(shopper, omise, loss):
    omise.will_fail("POST", "/charges", loss)

    order = shopper.at_checkout().pay_with(VISA)

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_who_waits_for_a_lost_answer_is_told_not_to_pay_again(shopper, omise):
    omise.will_fail("POST", "/charges", "drop_after")
    omise.will_fail("GET", "/charges", "status", status=503, times=None)
    order = shopper.at_checkout().pay_with(VISA)
    order.expect_status("confirming")
    expect(order.main).to_contain_text("Do not pay again.")

    omise.works_again()

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]
