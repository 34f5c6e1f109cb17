"""The page of an error."""

from playwright.sync_api import Page, expect


class ErrorPage:
    """An error in words, with its status and a way back."""

    def __init__(self, page: Page, status: int) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        expect(self.main).to_contain_text(f"Error {status}.")
        expect(self.main.get_by_role("link", name="Back to the shop")).to_be_visible()
