"""The products."""

import re
from typing import Self

from playwright.sync_api import Page, expect

from e2e.pages.cart import CartPage


class HomePage:
    """All products."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.products = page.get_by_role("main").get_by_role("listitem")
        expect(page).to_have_title(re.compile("^Quiet things"))

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the shop."""
        page.goto("/")
        return cls(page)

    def open_product(self, name: str) -> "ProductPage":
        """Follow the link to a product."""
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
        """Open the page of a product."""
        page.goto(f"/products/{sku}")
        return cls(page)

    def add_to_cart(self, quantity: int = 1) -> CartPage:
        """Add the product to the cart."""
        self.quantity.fill(str(quantity))
        self.add_button.click()
        return CartPage(self.page)
