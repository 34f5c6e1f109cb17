"""Signing up and logging in."""

from typing import Self

from playwright.sync_api import Page, expect


class AccountForm:
    """An email, a password and a button."""

    path: str
    title: str

    def __init__(self, page: Page) -> None:
        self.page = page
        self.summary = page.get_by_role("alert")
        self.email = page.get_by_label("Email", exact=True)
        self.password = page.get_by_label("Password", exact=True)
        expect(page.get_by_role("heading", name=self.title)).to_be_visible()

    @classmethod
    def open(cls, page: Page) -> Self:
        """Open the form."""
        page.goto(cls.path)
        return cls(page)

    def submit(self, email: str, password: str) -> None:
        """Fill in the form and submit it."""
        self.email.fill(email)
        self.password.fill(password)
        self.page.get_by_role("button", name=self.title).click()


class SignupPage(AccountForm):
    """A new account."""

    path = "/signup"
    title = "Create account"


class LoginPage(AccountForm):
    """An existing account."""

    path = "/login"
    title = "Log in"
