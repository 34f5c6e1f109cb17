"""A code to scan: shown, counted down, paid, replaced, given up."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CheckoutPage, OrderPage
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.shopper import Shopper

MUG = 390_00


def at_the_code(shopper):
    """Pay by PromptPay, as far as the code."""
    shopper.at_checkout().pay_by("PromptPay")
    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    return order


@pytest.mark.both_dialects
def test_a_code_is_shown_and_the_page_tells_by_itself_when_it_is_paid(shopper, omise):
    order = at_the_code(shopper)
    expect(order.heading).to_have_text("Scan to pay with PromptPay")
    expect(order.main).to_contain_text("pay ฿390.00 there")
    code = order.main.get_by_role("img", name="The code to scan")
    expect(code).to_have_js_property("complete", True)
    assert code.evaluate("(picture) => picture.naturalWidth") > 0

    omise.settles("paid")

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_the_time_that_is_left_is_counted_down(shopper):
    shopper.page.clock.install()
    order = at_the_code(shopper)
    left = order.main.locator("count-down")
    expect(left).to_contain_text("(14:")

    shopper.page.clock.run_for(60_000)
    expect(left).to_contain_text("(13:")

    shopper.page.clock.run_for(15 * 60_000)
    expect(left).to_have_text("This code has expired.")


@pytest.mark.both_dialects
def test_a_code_that_expired_is_replaced_by_a_fresh_one(shopper, omise):
    order = at_the_code(shopper)
    omise.lets_expire()
    order.expect_status("expired")
    expect(order.main).to_contain_text("No money has been taken for it.")

    order.main.get_by_role("button", name="Get a new code").click()

    order.expect_status("awaiting_payment")
    expect(order.main.get_by_role("img", name="The code to scan")).to_be_visible()
    omise.settles("paid")
    order.expect_status("paid")
    assert omise.payments() == [(MUG, "expired"), (MUG, "successful")]


@pytest.mark.both_dialects
def test_who_thinks_better_of_it_pays_in_another_way(shopper, omise):
    order = at_the_code(shopper)

    order.main.get_by_role("button", name="Pay in another way").click()

    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")
    assert [payment.status for payment in omise.payments()] == ["expired", "successful"]


def test_a_payment_that_fails_says_so(shopper, omise):
    order = at_the_code(shopper)

    omise.settles("failed")

    order.expect_status("payment_failed")
    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")


def test_the_webhook_tells_when_nobody_looks(shopper, omise, base_url):
    omise.tells(base_url)
    order = at_the_code(shopper)
    number = order.number
    shopper.page.goto("about:blank")

    omise.settles("paid")

    with shopper.page.expect_response(f"**/orders/{number}"):
        OrderPage.open(shopper.page, number).expect_status("paid")


def test_who_comes_back_to_the_checkout_is_led_to_the_code(shopper):
    number = at_the_code(shopper).number

    shopper.page.goto("/checkout")

    order = OrderPage(shopper.page)
    assert order.number == number
    expect(order.main.get_by_role("img", name="The code to scan")).to_be_visible()


def test_the_page_of_the_code_is_open_to_everybody(shopper):
    at_the_code(shopper)

    assert violations(shopper.page) == []


def test_a_code_without_scripts(new_context, omise):
    plain = Shopper(new_context(java_script_enabled=False).new_page())
    order = at_the_code(plain)
    expect(order.main).to_contain_text("The code can be used until")

    omise.settles("paid")

    order.expect_status("paid")
