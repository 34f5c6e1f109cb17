"""One order, one charge: after double clicks, reloads, the back button and lost answers."""

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


def test_double_click_pays_once(member, world):
    checkout = member.go_to_checkout()
    checkout.fill(VISA)

    checkout.pay_button.dblclick()

    OrderPage(member.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
    orders = OrdersPage.open(member.page)
    expect(orders.main.get_by_role("listitem")).to_have_count(1)


def test_simultaneous_calls_pay_once(shopper, world):
    checkout = shopper.go_to_checkout()
    tokens = [checkout.create_token(VISA), checkout.create_token(OTHER_VISA)]
    world.change_settings(latency=1)  # both calls are sent before one is answered

    numbers = shopper.page.evaluate(CHARGE_TWICE_AT_ONCE, tokens)

    assert len(set(numbers)) == 1
    OrderPage.open(shopper.page, numbers[0]).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_two_tabs_pay_once(shopper, world):
    first = shopper.go_to_checkout()
    second = CheckoutPage.open(shopper.page.context.new_page())
    number = first.pay_with(VISA).number

    order = second.pay_with(OTHER_VISA)

    order.expect_status("paid")
    assert order.number == number
    assert world.payments() == [(MUG, "successful")]


def test_stale_total_charges_nothing_and_shows_the_new_one(shopper, world):
    old = shopper.go_to_checkout()
    cart = CartPage.open(shopper.page.context.new_page())
    cart.change_quantity(3)
    expect(cart.main).to_contain_text("฿1,170.00")
    old.fill(VISA)

    old.click_pay()

    expect(old.card.summary).to_contain_text("The total has changed.")
    expect(old.pay_button).to_have_accessible_name("Pay ฿1,170.00")
    assert world.payments() == []


def test_reload_of_the_order_charges_nothing(shopper, world):
    order = shopper.buy_with(VISA)

    shopper.page.reload()

    order.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_back_button_after_paying_leads_to_an_empty_cart(shopper, world):
    shopper.buy_with(VISA)

    shopper.page.go_back()

    expect(CartPage(shopper.page).main).to_contain_text("Your cart is empty")
    assert world.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_expired_token_is_explained(shopper, world):
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    world.advance_clock(minutes=31)

    checkout.submit_token(token)

    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")
    expect(order.main).to_contain_text("because the page was open for too long")
    expect(order.main).to_contain_text("You have not been charged. Enter your card again.")
    assert world.payments() == []
    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_used_token_does_not_pay_another_order(shopper, world):
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    checkout.submit_token(token)
    OrderPage(shopper.page).expect_status("paid")

    checkout = shopper.go_to_checkout("lamp")
    checkout.submit_token(token)

    expect(checkout.card.summary).to_contain_text("These card details have already been used.")
    assert world.payments() == [(MUG, "successful")]
    checkout.pay_with(VISA).expect_status("paid")
    assert world.payments() == [(MUG, "successful"), (LAMP, "successful")]


@pytest.mark.both_dialects
def test_token_used_outside_the_shop_is_explained(shopper, world):
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    world.charge(token, amount=100_00)

    checkout.submit_token(token)

    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")
    expect(order.main).to_contain_text("These card details have already been used.")
    assert world.payments() == [(100_00, "successful")]


@pytest.mark.parametrize("loss", ["drop_after", "garbage"])
def test_charge_with_lost_answer_is_found_and_not_repeated(shopper, world, loss):
    world.add_fault("POST", "/charges", loss)

    order = shopper.go_to_checkout().pay_with(VISA)

    order.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_unknown_result_says_not_to_pay_again(shopper, world):
    world.add_fault("POST", "/charges", "drop_after")
    world.add_fault("GET", "/charges", "status", status=503, times=None)
    order = shopper.go_to_checkout().pay_with(VISA)
    order.expect_status("confirming")
    expect(order.main).to_contain_text("Do not pay again.")

    world.clear_faults()

    order.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
