"""Pages on narrow screens."""

from playwright.sync_api import Page

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def expect_no_sideways_scroll(page: Page) -> None:
    """The page is no wider than the screen."""
    assert page.evaluate(TOO_WIDE) <= 0, page.url
