"""A QR code: shown, counted down, paid, replaced, abandoned."""

import re

from playwright.sync_api import expect

from e2e.pages import CheckoutPage, OrderPage
from e2e.support.accessibility import violations
from e2e.support.cards import VISA

MUG = 390_00

#: Where "Use a different payment method" is sent.
CANCEL = "**/orders/*/cancel-payment"


def go_to_code(shopper):
    """Pay by PromptPay, as far as the code."""
    shopper.go_to_checkout().pay_by("PromptPay")
    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    return order


def test_paid_code_updates_the_page(shopper, world):
    order = go_to_code(shopper)
    expect(order.heading).to_have_text("Scan to pay with PromptPay")
    expect(order.main).to_contain_text("Scan this QR code with your banking app to pay ฿390.00.")
    code = order.main.get_by_role("img", name="QR code")
    expect(code).to_have_js_property("complete", True)
    assert code.evaluate("(picture) => picture.naturalWidth") > 0

    world.mark_charge_as("paid")

    order.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_remaining_time_is_counted_down(shopper):
    shopper.page.clock.install()
    order = go_to_code(shopper)
    left = order.main.locator("count-down")
    expect(left).to_contain_text("(14:")

    shopper.page.clock.run_for(60_000)
    expect(left).to_contain_text("(13:")

    shopper.page.clock.run_for(15 * 60_000)
    expect(left).to_have_text("This QR code has expired.")


def test_code_is_saved_on_the_phone_that_shows_it(shopper, world):
    shopper.page.set_viewport_size({"width": 360, "height": 740})
    order = go_to_code(shopper)

    order.main.get_by_text("Paying on this phone?").click()

    saved = order.main.get_by_role("link", name="Save the QR code")
    picture = order.main.get_by_role("img", name="QR code").get_attribute("src")
    expect(saved).to_have_attribute("href", picture)
    expect(order.main.get_by_text("confirm ฿390.00")).to_be_visible()
    inspector = order.main.get_by_role("link", name="mark the payment as paid")
    expect(inspector).to_have_attribute(
        "href", re.compile(f"^{world.url}/_sandbox/#payments/chrg_")
    )
    assert violations(shopper.page) == []


def test_expired_code_is_replaced(shopper, world):
    order = go_to_code(shopper)
    world.expire_charge()
    order.expect_status("expired")
    expect(order.main).to_contain_text("You have not been charged.")

    order.main.get_by_role("button", name="Get a new QR code").click()

    order.expect_status("awaiting_payment")
    expect(order.main.get_by_role("img", name="QR code")).to_be_visible()
    world.mark_charge_as("paid")
    order.expect_status("paid")
    assert world.payments() == [(MUG, "expired"), (MUG, "successful")]


def test_abandoned_code_is_paid_by_card(shopper, world):
    order = go_to_code(shopper)

    order.main.get_by_role("button", name="Use a different payment method").click()

    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")
    assert [payment.status for payment in world.payments()] == ["expired", "successful"]


def test_button_is_not_overtaken_by_the_watch(shopper, world):
    order = go_to_code(shopper)

    def answer_after_the_watch(route):
        answer = route.fetch(max_redirects=0)
        with shopper.page.expect_response("**/status"):
            """The watch learns that the code has expired."""
        route.fulfill(response=answer)

    shopper.page.route(CANCEL, answer_after_the_watch)
    order.main.get_by_role("button", name="Use a different payment method").click()

    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")


def test_failed_code_is_followed_by_a_card(shopper, world):
    order = go_to_code(shopper)

    world.mark_charge_as("failed")

    order.expect_status("payment_failed")
    order.try_again_link.click()
    CheckoutPage(shopper.page).pay_with(VISA).expect_status("paid")


def test_webhook_settles_a_closed_page(shopper, world, base_url):
    world.send_webhooks_to(base_url)
    order = go_to_code(shopper)
    number = order.number
    shopper.page.goto("about:blank")

    world.mark_charge_as("paid")

    with shopper.page.expect_response(f"**/orders/{number}"):
        OrderPage.open(shopper.page, number).expect_status("paid")


def test_checkout_leads_to_the_pending_code(shopper):
    number = go_to_code(shopper).number

    shopper.page.goto("/checkout")

    order = OrderPage(shopper.page)
    assert order.number == number
    expect(order.main.get_by_role("img", name="QR code")).to_be_visible()


def test_page_of_the_code_is_accessible(shopper):
    go_to_code(shopper)

    assert violations(shopper.page) == []


def test_code_without_javascript(shopper_without_javascript, world):
    order = go_to_code(shopper_without_javascript)
    expect(order.main).to_contain_text("Pay by")

    world.mark_charge_as("paid")

    order.expect_status("paid")
