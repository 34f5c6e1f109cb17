"""An order, and the list of orders."""

from typing import Self

from playwright.sync_api import Page, expect

from e2e.pages.bank import BankPage


class OrderPage:
    """One order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.locator("main[data-status]")
        self.heading = self.main.get_by_role("heading", level=1)
        self.bank_link = self.main.get_by_role("link", name="Continue to your bank")
        self.try_again_link = self.main.get_by_role("link", name="Try again")
        expect(self.main).to_be_visible()

    @classmethod
    def open(cls, page: Page, number: str) -> Self:
        """Open an order by its number."""
        page.goto(f"/orders/{number}")
        return cls(page)

    @property
    def number(self) -> str:
        """The number of the order."""
        return self.main.locator("dt", has_text="Order number").locator("+ dd").inner_text()

    def expect_status(self, status: str) -> None:
        """The order has this status, or will in a moment."""
        expect(self.main).to_have_attribute("data-status", status)

    def continue_to_bank(self) -> BankPage:
        """Go back to the bank."""
        self.bank_link.click()
        return BankPage(self.page)


class OrdersPage:
    """The orders of a member."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        expect(page.get_by_role("heading", name="Orders", exact=True)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the list."""
        page.goto("/orders")
        return cls(page)
