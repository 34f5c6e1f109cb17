"""A shopper, and the steps that lead to where a test begins."""

from itertools import count

from playwright.sync_api import Page

from e2e.pages import CheckoutPage, OrderPage
from e2e.support.cards import Card
from e2e.support.forms import submit_form

PASSWORD = "a long quiet lantern"

_numbers = count(1)


class Shopper:
    """A shopper at a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.email = f"shopper-{next(_numbers)}@example.com"

    def sign_up(self) -> None:
        """Create an account, and be logged in."""
        submit_form(self.page.request, "/signup", "/signup", email=self.email, password=PASSWORD)

    def add_to_cart(self, sku: str = "mug", quantity: int = 1) -> None:
        """Have a product in the cart."""
        submit_form(self.page.request, "/cart", "/cart", sku=sku, quantity=str(quantity))

    def go_to_checkout(self, sku: str = "mug", quantity: int = 1) -> CheckoutPage:
        """Open the checkout with a product in the cart."""
        self.add_to_cart(sku, quantity)
        return CheckoutPage.open(self.page)

    def buy_with(self, card: Card) -> OrderPage:
        """Buy a mug with a new card."""
        order = self.go_to_checkout().pay_with(card)
        order.expect_status("paid")
        return order
