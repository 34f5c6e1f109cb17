"""The browser of an examination: it reaches the shop, the sandbox, and no other host."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserType, Error, sync_playwright

from omise_sandbox.examine.recipe import LOOPBACK, RecipeError

#: The channels that are tried after Playwright's own browser.
INSTALLED = ("chrome", "msedge")

#: The pop-ups of the address bar are web pages to a full Chromium, made again for each buyer. They
#: cost more processor time than the pages of most shops.
OWN_PAGES = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
DISABLE_FEATURES = "--disable-features="
#: Without it a browser does not tell its command line.
TELL_COMMAND_LINE = "--enable-automation"
#: The product name of a headless shell, and of the old headless mode; they have no address bar.
SHELL_PRODUCT = "HeadlessChrome"


@contextmanager
def browser_for(
    urls: Iterable[str], program: str | None = None, *, headless: bool = True
) -> Iterator[Browser]:
    """A Chromium for these hosts: `program`, Playwright's own, or one that is installed.

    Raises:
        RecipeError: when none starts.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        choices: list[dict[str, str]] = [{}, *({"channel": name} for name in INSTALLED)]
        reasons = []
        for choice in [{"executable_path": program}] if program else choices:
            options: dict[str, Any] = {"headless": headless, **choice}
            try:
                more = _switches(chromium, options) if headless else []
                args = [_only_hosts_of(urls), *more]
                browser = chromium.launch(args=args, **options)
            except Error as error:
                reasons.append(error.message.splitlines()[0])
                continue
            try:
                yield browser
            finally:
                browser.close()
            return
        raise RecipeError(f"no browser starts; give --browser /path/to/chromium ({reasons[0]})")


def _only_hosts_of(urls: Iterable[str]) -> str:
    """No other name is looked up, be it for a page, a worker or a beacon."""
    named = {urlsplit(url).hostname or "" for url in urls}
    excluded = sorted({*named, *LOOPBACK[:2]})
    rules = ["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in excluded)]
    return f"--host-resolver-rules={', '.join(rules)}"


def _switches(chromium: BrowserType, options: dict[str, Any]) -> list[str]:
    """The switch that keeps a full Chromium from making pages of its own, if it needs one.

    The last switch of its kind counts, so Playwright's features, which a first start tells, are in
    it. That start costs less than the own pages of two buyers.
    """
    browser = chromium.launch(args=[TELL_COMMAND_LINE], **options)
    try:
        session = browser.new_browser_cdp_session()
        if session.send("Browser.getVersion")["product"].startswith(SHELL_PRODUCT):
            return []
        switches = session.send("Browser.getBrowserCommandLine")["arguments"]
    finally:
        browser.close()
    return [without_own_pages(switches)]


def without_own_pages(switches: Iterable[str]) -> str:
    """The switch that turns features off: those that are off by these switches, and own pages."""
    given = [switch for switch in switches if switch.startswith(DISABLE_FEATURES)]
    features = given[-1].removeprefix(DISABLE_FEATURES).split(",") if given else []
    return DISABLE_FEATURES + ",".join([*features, *OWN_PAGES])
