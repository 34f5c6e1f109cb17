"""A shopper, and the steps that lead to where a test begins."""

from itertools import count

from playwright.sync_api import Page, expect

from e2e.pages import CardsPage, CheckoutPage, OrderPage, ProductPage, SignupPage
from e2e.support.cards import Card

PASSWORD = "a long quiet lantern"

_numbers = count(1)


class Shopper:
    """A shopper at a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.email = f"shopper-{next(_numbers)}@example.com"

    def sign_up(self) -> None:
        """Create an account, and be logged in."""
        SignupPage.open(self.page).submit(self.email, PASSWORD)
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def go_to_checkout(self, sku: str = "mug", quantity: int = 1) -> CheckoutPage:
        """Add a product to the cart and go to the checkout."""
        return ProductPage.open(self.page, sku).add_to_cart(quantity).check_out()

    def buy_with(self, card: Card) -> OrderPage:
        """Buy a mug with a new card."""
        order = self.go_to_checkout().pay_with(card)
        order.expect_status("paid")
        return order

    def save_cards(self, *cards: Card) -> CardsPage:
        """Save cards."""
        page = CardsPage.open(self.page)
        for card in cards:
            page.add(card)
        return page
