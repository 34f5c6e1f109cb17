"""The cart, signing up, logging in and out."""

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
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.shopper import PASSWORD


def test_home_page_shows_products_with_pictures(page):
    home = HomePage.open(page)

    products = home.products.count()

    assert products >= 8
    assert home.products.get_by_role("img").count() == products


def test_quantity_is_changed_and_a_product_removed(page):
    cart = ProductPage.open(page, "mug").add_to_cart(2)
    expect(cart.main).to_contain_text("฿780.00")

    cart.change_quantity(5)
    expect(cart.main).to_contain_text("฿1,950.00")
    cart.remove()

    expect(cart.main).to_contain_text("Your cart is empty")


def test_steppers_change_the_quantity_without_another_button(page):
    cart = ProductPage.open(page, "mug").add_to_cart()
    expect(cart.main).to_contain_text("Added to your cart.")
    assert page.url.endswith("/cart")
    expect(page.get_by_role("button", name="Update")).to_have_count(0)

    for _ in range(3):
        cart.more.click()
    expect(cart.main).to_contain_text("฿1,560.00")
    expect(cart.more).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Total: ฿1,560.00")).to_be_attached()
    cart.fewer.click()
    expect(cart.main).to_contain_text("฿1,170.00")
    expect(cart.quantity).to_have_value("3")
    assert violations(page) == []


def test_stepper_stops_at_one_and_at_the_most(page):
    cart = ProductPage.open(page, "mug").add_to_cart()

    cart.fewer.click()
    expect(cart.quantity).to_have_value("1")

    cart.change_quantity(20)
    expect(cart.main).to_contain_text("฿7,800.00")
    cart.more.click()
    expect(cart.quantity).to_have_value("20")


def test_cart_is_kept_when_a_guest_signs_up(shopper, world):
    ProductPage.open(shopper.page, "candle").add_to_cart()

    shopper.sign_up()
    order = CheckoutPage.open(shopper.page).pay_with(VISA)

    order.expect_status("paid")
    expect(order.main).to_contain_text(shopper.email)
    assert world.payments() == [(450_00, "successful")]


def test_logging_out_empties_the_cart(member, page):
    ProductPage.open(page, "mug").add_to_cart()

    page.get_by_role("button", name="Log out").click()

    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    expect(CartPage.open(page).main).to_contain_text("Your cart is empty")


def test_login_leads_back_to_the_requested_page(member, page):
    page.goto("/")
    page.get_by_role("button", name="Log out").click()
    page.goto("/orders")

    LoginPage(page).submit(member.email, PASSWORD)

    OrdersPage(page)


def test_wrong_password_is_rejected_without_naming_the_field(member, page, quiet_browser):
    quiet_browser.expect_status(422)
    page.goto("/")
    page.get_by_role("button", name="Log out").click()
    login = LoginPage.open(page)

    login.submit(member.email, "not the password")

    expect(login.summary).to_contain_text("Incorrect email or password.")
    expect(login.email).to_have_value(member.email)


def test_signup_needs_an_email_and_a_long_password(page, quiet_browser):
    quiet_browser.expect_status(422)
    signup = SignupPage.open(page)

    signup.submit("not an address", "short")

    expect(signup.summary.get_by_role("link", name="Enter a valid email address")).to_be_visible()
    expect(signup.summary.get_by_role("link", name="Password must be at least")).to_be_visible()
