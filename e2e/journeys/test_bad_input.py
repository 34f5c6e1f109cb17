"""Requests for what is missing, foreign or malformed: a clear page, and nothing charged."""

from playwright.sync_api import expect

from e2e.pages import CartPage, ErrorPage, HomePage, OrderPage
from e2e.support.cards import VISA
from e2e.support.purchases import place_order

MUG = 390_00


def test_checkout_of_an_empty_cart_leads_to_the_cart(page):
    page.goto("/checkout")

    expect(CartPage(page).main).to_contain_text("Your cart is empty")


def test_unknown_product_is_not_found(page, quiet_browser):
    quiet_browser.expect_status(404)

    page.goto("/products/unicorn")

    expect(ErrorPage(page, 404).main).to_contain_text("Product not found")


def test_unknown_order_is_not_found(page, quiet_browser):
    quiet_browser.expect_status(404)

    page.goto("/orders/NO-SUCH-ORDER")

    expect(ErrorPage(page, 404).main).to_contain_text("Order not found")


def test_unknown_page_is_not_found(page, quiet_browser):
    quiet_browser.expect_status(404)

    page.goto("/nowhere")

    expect(ErrorPage(page, 404).main).to_contain_text("Page not found")


def test_order_of_another_shopper_is_not_found(context, another_shopper, world, quiet_browser):
    quiet_browser.expect_status(404)
    number = place_order(context.request, world)

    another_shopper.page.goto(f"/orders/{number}")

    problem = ErrorPage(another_shopper.page, 404)
    expect(problem.main).to_contain_text("Order not found")


def test_forged_return_from_the_bank_is_not_found(context, another_shopper, world, quiet_browser):
    quiet_browser.expect_status(404)
    number = place_order(context.request, world)

    another_shopper.page.goto(f"/orders/{number}/return?key=forged&status=successful")

    ErrorPage(another_shopper.page, 404)


def test_form_whose_csrf_token_is_gone_pays_once_by_the_word_of_the_browser(shopper, world):
    """The browser says that a page of the shop sent it, which no other site can make it say."""
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    checkout.form.locator("[name=csrf_token]").evaluate("(field) => field.remove()")

    checkout.submit_token(token)

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_invalid_session_cookie_is_an_empty_cart(page, base_url):
    page.context.add_cookies(
        [{"name": "lantern_loom_session", "value": "nonsense.%00", "url": base_url}]
    )

    cart = CartPage.open(page)

    expect(cart.main).to_contain_text("Your cart is empty")
    HomePage.open(page).open_product("Beeswax candle").add_to_cart()


def test_query_that_claims_a_status_is_ignored(page, world):
    number = place_order(page.request, world)

    page.goto(f"/orders/{number}?status=refunded&to=bank")

    OrderPage(page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
