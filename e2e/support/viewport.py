"""Sizes of screens, and pages on narrow ones."""

from playwright.sync_api import Page, ViewportSize

PHONE_SIZE: ViewportSize = {"width": 360, "height": 780}
DESKTOP_SIZE: ViewportSize = {"width": 1440, "height": 900}

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def expect_no_sideways_scroll(page: Page) -> None:
    """The page is no wider than the screen."""
    assert page.evaluate(TOO_WIDE) <= 0, page.url
