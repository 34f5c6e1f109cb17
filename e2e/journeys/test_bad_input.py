"""What is not there, not theirs, or not well formed: a clear page, and nothing charged."""

from playwright.sync_api import expect

from e2e.pages import CartPage, HomePage, OrderPage, ProblemPage
from e2e.support.cards import VISA

MUG = 390_00


def test_an_empty_cart_leads_from_checkout_to_the_cart(page):
    page.goto("/checkout")

    expect(CartPage(page).main).to_contain_text("Your cart is empty")


def test_an_unknown_product_is_not_found(page, quiet_browser):
    quiet_browser.expect("status of 404")

    page.goto("/products/unicorn")

    expect(ProblemPage(page, 404).main).to_contain_text("We do not sell that")


def test_an_unknown_order_is_not_found(page, quiet_browser):
    quiet_browser.expect("status of 404")

    page.goto("/orders/NO-SUCH-ORDER")

    expect(ProblemPage(page, 404).main).to_contain_text("Order not found")


def test_an_unknown_page_is_not_found(page, quiet_browser):
    quiet_browser.expect("status of 404")

    page.goto("/nowhere")

    expect(ProblemPage(page, 404).main).to_contain_text("Page not found")


def test_somebody_elses_order_is_not_found(shopper, another_shopper, quiet_browser):
    quiet_browser.expect("status of 404")
    number = shopper.has_paid_with(VISA).number

    another_shopper.page.goto(f"/orders/{number}")

    problem = ProblemPage(another_shopper.page, 404)
    expect(problem.main).to_contain_text("Order not found")


def test_a_forged_way_back_from_the_bank_is_not_found(shopper, another_shopper, quiet_browser):
    quiet_browser.expect("status of 404")
    number = shopper.has_paid_with(VISA).number

    another_shopper.page.goto(f"/orders/{number}/return?key=forged&status=successful")

    ProblemPage(another_shopper.page, 404)


def test_a_form_without_its_csrf_token_is_refused_and_the_cart_kept(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 400")
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    checkout.form.locator("[name=csrf_token]").evaluate("(field) => field.remove()")

    checkout.send(token)

    expect(ProblemPage(shopper.page, 400).main).to_contain_text("This page is out of date")
    assert omise.payments() == []
    shopper.has_paid_with(VISA)
    assert omise.payments() == [(2 * MUG, "successful")]


def test_a_cart_cookie_full_of_nonsense_is_an_empty_cart(page, base_url):
    page.context.add_cookies([{"name": "session", "value": "nonsense.%00", "url": base_url}])

    cart = CartPage.open(page)

    expect(cart.main).to_contain_text("Your cart is empty")
    HomePage.open(page).choose("Beeswax candle").add_to_cart()


def test_a_payment_survives_a_query_that_claims_success(shopper, omise):
    order = shopper.has_paid_with(VISA)

    shopper.page.goto(f"/orders/{order.number}?status=refunded&to=bank")

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]
