"""Pages of banks and wallets, which the sandbox serves from another site."""

from playwright.sync_api import Page, expect


class BankPage:
    """3-D Secure: the bank asks whether it is the cardholder who pays."""

    def __init__(self, page: Page, title: str = "3-D Secure") -> None:
        self.page = page
        expect(page.get_by_role("heading", name=title)).to_be_visible()

    def approve(self) -> None:
        """Confirm the payment."""
        self._press("Approve")

    def decline(self) -> None:
        """Fail the check."""
        self._press("Decline")

    def cancel(self) -> None:
        """Cancel the payment."""
        self._press("Cancel")

    def _press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()


class WalletPage(BankPage):
    """A wallet, or the app of a bank."""

    def __init__(self, page: Page, title: str = "Rabbit LINE Pay") -> None:
        super().__init__(page, title)
