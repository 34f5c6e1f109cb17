"""Other ways to pay than a card: a code to scan, and a page of somebody else's."""

import re

import pytest
from playwright.sync_api import expect

from e2e.axe import violations
from e2e.cards import VISA
from e2e.keyboard import press_at, write_in
from e2e.pages import CartPage, CheckoutPage, OrderPage, ProductPage
from e2e.pages.bank import WalletPage
from e2e.pages.checkout import EMAIL
from e2e.shopper import Shopper

MUG = 390_00
WALLET = "Rabbit LINE Pay"


@pytest.fixture(params=["with scripts", "without scripts"])
def anybody(request, new_context):
    """A guest, also one whose browser runs no scripts."""
    return Shopper(new_context(java_script_enabled=request.param == "with scripts").new_page())


def chooses(shopper, method):
    """Go and pay in that way."""
    shopper.at_checkout().pay_by(method)


def at_the_code(shopper):
    """Pay by PromptPay, as far as the code."""
    chooses(shopper, "PromptPay")
    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    return order


# Choosing


@pytest.mark.both_dialects
def test_above_the_limit_of_the_account_nothing_is_offered_or_charged(
    shopper, omise, quiet_browser
):
    quiet_browser.expect("status of 422")
    for sku in ("stool", "teapot", "lamp"):
        ProductPage.open(shopper.page, sku).add_to_cart(20)
    expect(CheckoutPage.open(shopper.page).method("PromptPay")).to_be_visible()
    checkout = shopper.at_checkout("throw", 10)
    expect(checkout.method("PromptPay")).to_have_count(0)

    checkout.enter(VISA)
    checkout.press_pay()

    expect(checkout.card.summary).to_contain_text("The total is too small or too large")
    expect(checkout.email).to_have_value(EMAIL)
    expect(CartPage.open(shopper.page).quantity).to_have_count(4)
    assert omise.payments() == []


def test_the_fields_of_a_card_stand_right_below_the_few_ways_that_are_seen_at_once(page):
    page.set_viewport_size({"width": 360, "height": 780})
    checkout = Shopper(page).at_checkout()

    expect(checkout.form.get_by_role("radio")).to_have_count(2)
    expect(checkout.form.get_by_role("radio", name="Card")).to_be_checked()
    choice = checkout.form.get_by_role("radio", name="PromptPay").bounding_box()
    field = checkout.card.name.bounding_box()
    assert field["y"] - choice["y"] < 200


def test_the_other_ways_are_unfolded_and_chosen_from_the_keyboard(shopper, omise):
    checkout = shopper.at_checkout()
    write_in(checkout.email, EMAIL)
    press_at(checkout.form.get_by_role("radio", name="Card"), "Tab")
    summary = checkout.form.get_by_text("Other ways to pay")
    expect(summary).to_be_focused()

    shopper.page.keyboard.press("Enter")
    shopper.page.keyboard.press("Shift+Tab")
    shopper.page.keyboard.press("ArrowDown")
    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_focused()
    shopper.page.keyboard.press("ArrowDown")

    chosen = checkout.form.get_by_role("radio", name="K PLUS")
    expect(chosen).to_be_focused()
    expect(chosen).to_be_checked()
    expect(chosen).to_have_accessible_description(re.compile("^We take you there"))
    expect(checkout.card.number).to_be_hidden()
    assert violations(shopper.page) == []
    press_at(checkout.pay_button, "Enter")
    expect(shopper.page.get_by_role("heading", name="K PLUS")).to_be_visible()
    assert omise.payments() == [(MUG, "pending")]


def test_the_keyboard_passes_over_what_is_folded(shopper):
    checkout = shopper.at_checkout()
    press_at(checkout.form.get_by_role("radio", name="Card"), "ArrowUp")

    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_focused()
    expect(checkout.form.get_by_role("radio", name="PromptPay")).to_be_checked()


def test_a_choice_that_is_folded_away_is_told_of(shopper):
    checkout = shopper.at_checkout()
    summary = checkout.form.locator("summary", has_text="Other ways to pay")
    told = summary.get_by_text("one of them is chosen")
    checkout.choose(WALLET)
    expect(told).to_be_hidden()

    summary.click()

    expect(told).to_be_visible()
    assert violations(shopper.page) == []


# A code to scan


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


# A page of somebody else's


@pytest.mark.both_dialects
def test_the_app_of_a_bank_pays(shopper, omise):
    chooses(shopper, "K PLUS")

    WalletPage(shopper.page, "K PLUS").approve()

    order = OrderPage(shopper.page)
    order.expect_status("paid")
    expect(order.main).to_contain_text("K PLUS")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_wallet_pays(anybody, omise):
    chooses(anybody, WALLET)
    assert omise.payments() == [(MUG, "pending")]

    WalletPage(anybody.page).approve()

    OrderPage(anybody.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_a_wallet_that_fails_is_followed_by_a_card(shopper, omise):
    chooses(shopper, WALLET)
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
        chooses(Shopper(tab), WALLET)
    WalletPage(tab)  # a tab that is closed on its way to another site may never be gone
    tab.close()
    number = order_page.value.url.partition("/orders/")[2].partition("?")[0]
    return OrderPage.open(shopper.page, number)
