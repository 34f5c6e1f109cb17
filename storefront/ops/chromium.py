"""A Chromium for checks that need a browser. Playwright is a development dependency."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storefront.errors import BrowserMissing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Names of an installed Chromium on the PATH, the preferred first.
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chromium-headless-shell",
)


@contextmanager
def chromium(path: str | None = None) -> Iterator[Browser]:
    """Launch the Chromium at this path, else an installed one, else Playwright's own.

    Raises:
        BrowserMissing: if Playwright is not installed, or the browser does not start.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise BrowserMissing from None
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path or installed_chromium())
        except Error:
            raise BrowserMissing from None
        with browser:
            yield browser


def installed_chromium() -> str | None:
    """The path of an installed Chromium, if there is one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
