"""Inventory: the last item is sold once, and an unpaid reservation is released."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage, ProductPage
from e2e.support.accessibility import violations
from e2e.support.cards import OTHER_VISA, VISA

MUG = 390_00
TEAPOT = 2290_00
SOLD_OUT = (
    "Cast-iron teapot is sold out. Remove it from your cart to continue. You have not been charged."
)


@pytest.fixture
def last_teapot(shop):
    """One teapot is left; only these tests buy teapots."""
    shop.command("stock", "teapot", "1")


@pytest.mark.usefixtures("last_teapot")
def test_last_item_is_sold_once(shopper, another_shopper, world, quiet_browser):
    quiet_browser.expect_status(422)
    ProductPage.open(another_shopper.page, "mug").add_to_cart()
    late = another_shopper.go_to_checkout("teapot")
    late.fill(OTHER_VISA)
    shopper.go_to_checkout("teapot").pay_with(VISA).expect_status("paid")

    late.click_pay()

    expect(late.card.summary).to_contain_text(SOLD_OUT)
    expect(late.card.security_code).to_have_value(OTHER_VISA.security_code)
    assert world.payments() == [(TEAPOT, "successful")]
    assert violations(late.page) == []

    late.page.get_by_role("button", name="Remove Cast-iron teapot").click()
    expect(late.pay_button).to_have_accessible_name("Pay ฿390.00")
    expect(late.card.summary).to_be_hidden()
    expect(late.card.security_code).to_have_value(OTHER_VISA.security_code)
    order = late.pay()

    order.expect_status("paid")
    expect(order.main).to_contain_text("Stoneware mug")
    assert world.payments() == [(TEAPOT, "successful"), (MUG, "successful")]


@pytest.mark.usefixtures("last_teapot")
def test_expired_code_releases_its_reservation(shopper, another_shopper, world):
    shopper.go_to_checkout("teapot").pay_by("PromptPay")
    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    expect_sold_out(another_shopper.page)

    world.expire_charge()
    order.expect_status("expired")
    another_shopper.go_to_checkout("teapot").pay_with(VISA).expect_status("paid")

    order.main.get_by_role("button", name="Get a new QR code").click()
    expect(shopper.page.get_by_role("alert")).to_contain_text(SOLD_OUT)
    assert world.payments() == [(TEAPOT, "expired"), (TEAPOT, "successful")]


@pytest.mark.usefixtures("last_teapot")
def test_webhook_releases_the_reservation_of_an_expired_code(
    shopper, another_shopper, world, base_url
):
    world.send_webhooks_to(base_url)
    shopper.go_to_checkout("teapot").pay_by("PromptPay")
    OrderPage(shopper.page).expect_status("awaiting_payment")
    shopper.page.goto("about:blank")

    world.expire_charge()
    world.wait_for_webhooks()

    another_shopper.go_to_checkout("teapot").pay_with(VISA).expect_status("paid")
    assert world.payments() == [(TEAPOT, "expired"), (TEAPOT, "successful")]


def expect_sold_out(page):
    """The page of the teapot says so, and does not sell it."""
    page.goto("/products/teapot")
    expect(page.get_by_role("main")).to_contain_text("Sold out")
    expect(page.get_by_role("button", name="Add to cart")).to_be_disabled()
