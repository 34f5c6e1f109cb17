"""The browser of an examination: it reaches the shop, the sandbox, and no other host."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, sync_playwright

from omise_sandbox.examine.recipe import LOOPBACK, RecipeError

#: The channels that are tried after Playwright's own browser.
INSTALLED = ("chrome", "msedge")


@contextmanager
def browser_for(
    urls: Iterable[str], program: str | None = None, *, headless: bool = True
) -> Iterator[Browser]:
    """A Chromium for these hosts: `program`, Playwright's own, or one that is installed.

    Raises:
        RecipeError: when none starts.
    """
    with sync_playwright() as playwright:
        launch = playwright.chromium.launch
        args = [_only_hosts_of(urls)]
        choices: list[dict[str, str]] = [{}, *({"channel": name} for name in INSTALLED)]
        reasons = []
        for choice in [{"executable_path": program}] if program else choices:
            try:
                browser = launch(headless=headless, args=args, **choice)  # type: ignore[arg-type]
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
