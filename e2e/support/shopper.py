"""A shopper: somebody at a browser, who knows their way through the shop."""

from itertools import count

from playwright.sync_api import Page, expect

from e2e.pages import CardsPage, CheckoutPage, OrderPage, ProductPage, SignupPage
from e2e.support.cards import Card

PASSWORD = "a long quiet lantern"

_numbers = count(1)


class Shopper:
    """Verbs that lead to where a story begins."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.email = f"shopper-{next(_numbers)}@example.com"

    def signs_up(self) -> None:
        """Make an account, and be logged in."""
        SignupPage.open(self.page).send(self.email, PASSWORD)
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def at_checkout(self, sku: str = "mug", quantity: int = 1) -> CheckoutPage:
        """Choose something and go to pay for it."""
        return ProductPage.open(self.page, sku).add_to_cart(quantity).check_out()

    def has_paid_with(self, card: Card) -> OrderPage:
        """Buy a mug."""
        order = self.at_checkout().pay_with(card)
        order.expect_status("paid")
        return order

    def has_saved(self, *cards: Card) -> CardsPage:
        """Keep cards for later."""
        page = CardsPage.open(self.page)
        for card in cards:
            page.add(card)
        return page
