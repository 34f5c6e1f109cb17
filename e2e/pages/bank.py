"""The bank, as the sandbox plays it: another site."""

from playwright.sync_api import Page, expect


class BankPage:
    """The bank wants to know who is paying."""

    def __init__(self, page: Page, title: str = "3-D Secure") -> None:
        self.page = page
        expect(page.get_by_role("heading", name=title)).to_be_visible()

    def approve(self) -> None:
        """Say that it is oneself."""
        self._press("Approve")

    def decline(self) -> None:
        """Fail the check."""
        self._press("Decline")

    def cancel(self) -> None:
        """Think better of it."""
        self._press("Cancel")

    def _press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()


class WalletPage(BankPage):
    """A wallet, or the app of a bank, wants to be paid by."""

    def __init__(self, page: Page, title: str = "Rabbit LINE Pay") -> None:
        super().__init__(page, title)
