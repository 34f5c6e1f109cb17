"""Find a Chromium that Playwright can drive; with --install, install one where there is none.

Prints one line of JSON, `{"via": …, "launch": {…}, …}`, where `launch` holds the arguments for
`chromium.launch`. Exits 1 and lists on stderr what was tried when no browser works.

A full Chromium in its new headless mode comes first. Like the browser of a shopper, and unlike a
headless shell, it runs the frames of another site in a process of their own. A headless shell is
the last resort, and stderr says so.

E2E_CHROMIUM=/path/to/chromium uses exactly that one; E2E_BROWSER=playwright only Playwright's own.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Error, sync_playwright

from omise_sandbox.examine.browser import SHELL_PRODUCT, TELL_COMMAND_LINE, without_own_pages
from tools.browser_candidates import Candidate, full_browsers, headless_shells
from tools.browser_installers import from_npm, installers, npm_has_a_shell
from tools.programs import first_line, run

#: Playwright passes `--headless`, which is the old mode to a full Chromium before 132. The last
#: one on the command line counts.
NEW_HEADLESS = "--headless=new"

LAUNCH_TIMEOUT = 20_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Found:
    """A browser that works: how it was found, how to launch it, what it is."""

    via: str
    launch: dict[str, Any]
    version: str
    headless_shell: bool
    seconds: float


class Search:
    """One search, and the candidates that failed."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def find(self, candidates: Iterator[Candidate]) -> Found | None:
        """The first candidate that works."""
        if not self.driver_runs():
            return None
        return next(filter(None, (self.launch(via, how) for via, how in candidates)), None)

    def driver_runs(self) -> bool:
        """Whether Playwright's own driver starts; slim images lack a library that it needs."""
        result = run([sys.executable, "-m", "playwright", "--version"], timeout=60)
        if not result.ok:
            hint = "on Debian and Ubuntu: apt-get install libatomic1"
            self.tried.append(f"Playwright's driver: {result.output} ({hint})")
        return result.ok

    def launch(self, via: str, how: dict[str, Any]) -> Found | None:
        """The candidate, if it starts and its page can be read."""
        started = time.monotonic()
        name = next(iter(how.values()), "Playwright's own")
        try:
            version, product, text, switches = try_out(how)
        except Error as error:
            self.tried.append(f"{name}: {first_line(error.message)}")
            return None
        if text != "ready":
            self.tried.append(f"{name}: {version} shows no text; are there any fonts?")
            return None
        is_shell = product.startswith(SHELL_PRODUCT)
        options = {**how, "args": [NEW_HEADLESS, without_own_pages(switches)]}
        return Found(via, options, version, is_shell, round(time.monotonic() - started, 2))

    def install(self) -> Found | None:
        """Try each way to install a full browser until one works."""
        for installer in installers():
            self.tried.clear()
            problem = installer()
            found = self.find(full_browsers())
            if found:
                return found
            self.tried[:0] = [problem] if problem else []
        return None


def try_out(how: dict[str, Any]) -> tuple[str, str, str, list[str]]:
    """The version and product of a browser, the text that it shows of a page, and its switches."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            **how, args=[NEW_HEADLESS, TELL_COMMAND_LINE], timeout=LAUNCH_TIMEOUT
        )
        session = browser.new_browser_cdp_session()
        product = session.send("Browser.getVersion")["product"]
        switches = session.send("Browser.getBrowserCommandLine")["arguments"]
        page = browser.new_page()
        page.set_content("<p>ready</p>")
        text = page.inner_text("p")
        version = browser.version
        browser.close()
    return version, product, text, switches


def best(search: Search, *, may_install: bool) -> Found | None:
    """A full Chromium, installed if need be; a headless shell where there is no other way."""
    found = search.find(full_browsers()) or (search.install() if may_install else None)
    found = found or search.find(headless_shells())
    if found is None and may_install and npm_has_a_shell():
        from_npm()
        found = search.find(headless_shells())
    return found


def main() -> int:
    """Search, install if asked to, and print the outcome."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--install", action="store_true", help="install one where there is none")
    may_install = parser.parse_args().install
    search = Search()
    found = best(search, may_install=may_install)
    if found is None:
        print("No Chromium that Playwright can drive. Tried:", file=sys.stderr)
        print(*(f"  {line}" for line in search.tried), sep="\n", file=sys.stderr)
        print("Try `make browser`, or E2E_CHROMIUM=/path/to/chromium.", file=sys.stderr)
        return 1
    if found.headless_shell:
        print(f"Chromium {found.version} ({found.via}) is a headless shell.", file=sys.stderr)
        print("Unlike the browsers of shoppers, it does not isolate sites.", file=sys.stderr)
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
