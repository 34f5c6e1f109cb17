"""The cart, and getting in and out of an account."""

from playwright.sync_api import expect

from e2e.pages import (
    CartPage,
    CheckoutPage,
    HomePage,
    LoginPage,
    OrdersPage,
    ProductPage,
    SignupPage,
)
from e2e.support.cards import VISA
from e2e.support.shopper import PASSWORD


def test_the_shelf_holds_at_least_eight_products_with_pictures(page):
    home = HomePage.open(page)

    products = home.products.count()

    assert products >= 8
    assert home.products.get_by_role("img").count() == products


def test_a_quantity_can_be_changed_and_a_product_removed(page):
    cart = ProductPage.open(page, "mug").add_to_cart(2)
    expect(cart.main).to_contain_text("฿780.00")

    cart.change_quantity(5)
    expect(cart.main).to_contain_text("฿1,950.00")
    cart.remove()

    expect(cart.main).to_contain_text("Your cart is empty")


def test_the_cart_comes_along_when_a_guest_signs_up(shopper, omise):
    ProductPage.open(shopper.page, "candle").add_to_cart()

    shopper.signs_up()
    order = CheckoutPage.open(shopper.page).pay_with(VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text(shopper.email)
    assert omise.payments() == [(450_00, "successful")]


def test_who_logs_out_leaves_nothing_behind(member, page):
    ProductPage.open(page, "mug").add_to_cart()

    page.get_by_role("button", name="Log out").click()

    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    expect(CartPage.open(page).main).to_contain_text("Your cart is empty")


def test_who_logs_in_goes_on_where_they_were_stopped(member, page):
    page.get_by_role("button", name="Log out").click()
    page.goto("/orders")

    LoginPage(page).send(member.email, PASSWORD)

    OrdersPage(page)


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(member, page, quiet_browser):
    quiet_browser.expect("status of 422")
    page.get_by_role("button", name="Log out").click()
    login = LoginPage.open(page)

    login.send(member.email, "not the password")

    expect(login.summary).to_contain_text("The email or the password is not right.")
    expect(login.email).to_have_value(member.email)


def test_an_account_needs_an_address_and_a_long_password(page, quiet_browser):
    quiet_browser.expect("status of 422")
    signup = SignupPage.open(page)

    signup.send("nobody", "short")

    expect(signup.summary.get_by_role("link", name="Enter an email address")).to_be_visible()
    expect(signup.summary.get_by_role("link", name="Choose a password")).to_be_visible()
