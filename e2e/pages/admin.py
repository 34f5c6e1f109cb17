"""The back office."""

from typing import Self

from playwright.sync_api import Locator, Page, expect


class AdminPage:
    """Any page of the back office."""

    def __init__(self, page: Page, heading: str | None = None) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.heading = self.main.get_by_role("heading", level=1)
        if heading:
            expect(self.heading).to_have_text(heading)

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the first page."""
        page.goto("/admin")
        return cls(page)

    def go_to(self, name: str, heading: str | None = None) -> Self:
        """Follow a link of the navigation, which is a menu on a small screen."""
        toggle = self.page.get_by_role("button", name="Menu, current page:")
        if toggle.is_visible():
            toggle.click()
        self.page.get_by_role("navigation", name="Admin").get_by_role("link", name=name).click()
        expect(self.heading).to_have_text(heading or name)
        return self

    def row(self, words: str) -> Locator:
        """A row of the table, or of the list."""
        return self.main.locator("tr, li").filter(has_text=words)

    def search_orders(self, query: str) -> None:
        """Search for orders."""
        self.go_to("Orders")
        self.page.get_by_label("Order, name, email, charge ID or last 4 digits").fill(query)
        self.page.get_by_role("button", name="Search").click()

    def open_order(self, number: str) -> None:
        """Open an order."""
        self.page.goto(f"/admin/orders/{number}")
        expect(self.heading).to_have_text(f"Order {number}")

    def expect_status(self, status: str) -> None:
        """The order has this status."""
        expect(self.page.locator("main[data-status]")).to_have_attribute("data-status", status)

    def perform(self, operation: str, amount: str = "", reason: str = "") -> None:
        """Capture, refund or void, in both steps."""
        self.start(operation, amount, reason)
        self.page.get_by_role("button", name=f"{operation} ").click()
        expect(self.page.locator("main[data-status]")).to_be_visible()

    def start(self, operation: str, amount: str = "", reason: str = "") -> None:
        """The first of the two steps."""
        name = "Refund" if operation == "Refund" else "Capture"
        section = self.main.get_by_role("region", name=name)
        if amount:
            section.get_by_label("Amount").fill(amount)
        if reason:
            section.get_by_label("Reason").fill(reason)
        section.get_by_role("button", name=f"{operation}…").click()
