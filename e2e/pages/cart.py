"""The cart."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from e2e.pages.checkout import CheckoutPage


class CartPage:
    """The products in the cart."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.quantity = page.get_by_label("Quantity")
        self.more = page.get_by_role("button", name="More")
        self.fewer = page.get_by_role("button", name="Fewer")
        self.checkout_link = page.get_by_role("link", name="Checkout")
        expect(page.get_by_role("heading", name="Cart", exact=True)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the cart."""
        page.goto("/cart")
        return cls(page)

    def line(self, name: str) -> Locator:
        """A product in the cart."""
        return self.main.get_by_role("listitem").filter(has_text=name)

    def change_quantity(self, quantity: int) -> None:
        """Type the quantity of the only product, and press Enter."""
        self.quantity.fill(str(quantity))
        self.quantity.press("Enter")

    def remove(self, name: str = "") -> None:
        """Remove a product; the only one needs no name."""
        self.line(name).get_by_role("button", name="Remove").click()

    def check_out(self) -> CheckoutPage:
        """Go to the checkout."""
        self.checkout_link.click()
        return CheckoutPage(self.page).with_address()
