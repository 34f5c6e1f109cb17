"""The test bank's page, and the page of a test wallet."""

from playwright.sync_api import Page, expect


class BankPage:
    """The page behind `authorize_uri`, in any language."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_test_id("approve")).to_be_visible()

    def approve(self) -> None:
        """Confirm the payment; the browser returns to the shop."""
        self._choose("approve")

    def decline(self) -> None:
        """Fail the check; the browser returns to the shop."""
        self._choose("decline")

    def cancel(self) -> None:
        """Cancel the payment; the browser returns to the shop."""
        self._choose("cancel")

    def _choose(self, outcome: str) -> None:
        self.page.get_by_test_id(outcome).click()
