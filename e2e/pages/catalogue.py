"""The shelf, a product, the cart, and the page that says what went wrong."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.checkout import CheckoutPage


class HomePage:
    """Everything there is to buy."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.products = page.get_by_role("main").get_by_role("listitem")
        expect(page).to_have_title(re.compile("^Quiet things"))

    @classmethod
    def open(cls, page: Page) -> Self:
        """Come to the shop."""
        page.goto("/")
        return cls(page)

    def choose(self, name: str) -> "ProductPage":
        """Look at a product."""
        self.page.get_by_role("link", name=name).click()
        return ProductPage(self.page)


class ProductPage:
    """One product."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.quantity = page.get_by_label("Quantity")
        self.add_button = page.get_by_role("button", name="Add to cart")
        expect(self.add_button).to_be_visible()

    @classmethod
    def open(cls, page: Page, sku: str) -> Self:
        """Follow a link to a product."""
        page.goto(f"/products/{sku}")
        return cls(page)

    def add_to_cart(self, quantity: int = 1) -> "CartPage":
        """Put it in the cart."""
        self.quantity.fill(str(quantity))
        self.add_button.click()
        return CartPage(self.page)


class CartPage:
    """What the shopper means to buy."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.quantity = page.get_by_label("Quantity")
        self.checkout_link = page.get_by_role("link", name="Checkout")
        expect(page.get_by_role("heading", name="Cart", exact=True)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Look into the cart."""
        page.goto("/cart")
        return cls(page)

    def change_quantity(self, quantity: int) -> None:
        """Take more or fewer of the only product."""
        self.quantity.fill(str(quantity))
        self.page.get_by_role("button", name="Update").click()

    def line(self, name: str) -> Locator:
        """A product in the cart."""
        return self.main.get_by_role("listitem").filter(has_text=name)

    def remove(self, name: str = "") -> None:
        """Put a product back; the only one needs no name."""
        self.line(name).get_by_role("button", name="Remove").click()

    def check_out(self) -> CheckoutPage:
        """Go and pay."""
        self.checkout_link.click()
        return CheckoutPage(self.page)


class ProblemPage:
    """The shop says no, in words and with the right status."""

    def __init__(self, page: Page, status: int) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        expect(self.main).to_contain_text(f"Error {status}.")
        expect(self.main.get_by_role("link", name="Back to the shop")).to_be_visible()
