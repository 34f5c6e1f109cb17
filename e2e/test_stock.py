"""The stock: the last one is sold once, and what is not paid for can be bought by somebody else."""

import pytest
from playwright.sync_api import expect

from e2e.axe import violations
from e2e.cards import OTHER_VISA, VISA
from e2e.pages import CartPage, OrderPage, ProductPage
from e2e.pages.checkout import EMAIL

MUG = 390_00
TEAPOT = 2290_00
GONE = (
    "Cast-iron teapot is sold out. Remove it from your cart to continue. You have not been charged."
)


@pytest.fixture
def last_teapot(running_shop):
    """One teapot is left; afterwards nobody counts them."""
    running_shop.command("stock", "teapot", "1")
    yield
    running_shop.command("stock", "teapot")


@pytest.mark.both_dialects
@pytest.mark.usefixtures("last_teapot")
def test_the_last_one_is_sold_to_one_of_two(shopper, another_shopper, omise, quiet_browser):
    quiet_browser.expect("status of 409")
    ProductPage.open(another_shopper.page, "mug").add_to_cart()
    late = another_shopper.at_checkout("teapot")
    late.enter(OTHER_VISA)
    shopper.at_checkout("teapot").pay_with(VISA).expect_status("paid")

    late.press_pay()

    expect(late.card.summary).to_contain_text(GONE)
    expect(late.email).to_have_value(EMAIL)
    assert omise.payments() == [(TEAPOT, "successful")]
    assert violations(late.page) == []

    cart = CartPage.open(late.page)
    expect(cart.line("Cast-iron teapot")).to_contain_text("remove to continue.")
    cart.remove("Cast-iron teapot")
    order = cart.check_out().pay_with(OTHER_VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text("Stoneware mug")
    assert omise.payments() == [(TEAPOT, "successful"), (MUG, "successful")]


@pytest.mark.both_dialects
@pytest.mark.usefixtures("last_teapot")
def test_what_a_code_held_is_free_again_when_it_expires(
    shopper, another_shopper, omise, quiet_browser
):
    quiet_browser.expect("status of 409")
    shopper.at_checkout("teapot").pay_by("PromptPay")
    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    expect_sold_out(another_shopper.page)

    omise.lets_expire()
    order.expect_status("expired")
    another_shopper.at_checkout("teapot").pay_with(VISA).expect_status("paid")

    order.main.get_by_role("button", name="Get a new QR code").click()
    expect(shopper.page.get_by_role("alert")).to_contain_text(GONE)
    assert omise.payments() == [(TEAPOT, "expired"), (TEAPOT, "successful")]


@pytest.mark.both_dialects
@pytest.mark.usefixtures("last_teapot")
def test_what_a_code_held_is_free_again_when_nobody_looks(
    shopper, another_shopper, omise, base_url
):
    omise.tells(base_url)
    shopper.at_checkout("teapot").pay_by("PromptPay")
    OrderPage(shopper.page).expect_status("awaiting_payment")
    shopper.page.goto("about:blank")

    omise.lets_expire()
    omise.has_told()

    another_shopper.at_checkout("teapot").pay_with(VISA).expect_status("paid")
    assert omise.payments() == [(TEAPOT, "expired"), (TEAPOT, "successful")]


def expect_sold_out(page):
    """The page of the teapot says so, and does not sell it."""
    page.goto("/products/teapot")
    expect(page.get_by_role("main")).to_contain_text("Sold out")
    expect(page.get_by_role("button", name="Add to cart")).to_be_disabled()


@pytest.mark.both_dialects
def test_the_stock_is_set_and_shows_in_the_shop(office, shopper, quiet_browser):
    quiet_browser.expect("status of 422")
    office.go_to("Stock")
    field = office.page.get_by_label("Available of Beeswax candle")
    set_stock(office, field, "many")
    expect(office.main).to_contain_text("Enter a whole number, or leave the field empty.")
    expect(field).to_have_value("many")

    set_stock(office, field, "0")

    shopper.page.goto("/products/candle")
    expect(shopper.page.get_by_text("Sold out")).to_be_visible()
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_disabled()
    assert violations(shopper.page) == []

    set_stock(office, field, "")
    shopper.page.reload()
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_enabled()


def set_stock(office, field, count):
    """Say how many are left."""
    field.fill(count)
    row = office.page.get_by_role("listitem").filter(has=field)
    row.get_by_role("button", name="Save").click()
