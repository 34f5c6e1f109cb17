"""`make e2e-browsers`: the main journeys in browsers that `make test` does not use.

A headless shell, and Firefox where this machine has one and Playwright can drive it. Each browser
that cannot be used is named in one line, and the others go on. Ends with 1 when a journey fails.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tools.browser_candidates import SHELLS, installed
from tools.programs import first_line

ROOT = Path(__file__).parent.parent
FIREFOX = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
JOURNEYS = [
    f"e2e/journeys/test_{name}.py"
    for name in ("card_payment", "three_ds", "saved_cards", "wallets", "network", "omise_forms")
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A browser: the options of pytest and the environment that select it."""

    name: str
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Run the journeys in each browser in turn."""
    return max([run(candidate) for candidate in candidates()], default=0)


def candidates() -> Iterator[Candidate]:
    """The browsers that work here; says of the others why they do not."""
    shells = installed(SHELLS)
    if shells:
        yield Candidate(shells[0], environment={"E2E_CHROMIUM": shells[0]})
    else:
        print("No headless shell found; skipped.", flush=True)
    program = next(filter(None, map(shutil.which, FIREFOX)), None)
    problem = firefox_problem(program)
    if problem:
        print(f"{program or 'Firefox'}: {problem}; skipped.", flush=True)
    else:
        environment = {"E2E_FIREFOX": program} if program else {}
        yield Candidate(program or "Firefox", ("--browser", "firefox"), environment)


def firefox_problem(program: str | None) -> str:
    """Why Playwright cannot drive this Firefox, or without one its own; nothing if it can."""
    installation = {"channel": "moz-firefox", "executable_path": program} if program else {}
    try:
        with sync_playwright() as playwright:
            browser = playwright.firefox.launch(**installation)  # type: ignore[arg-type]
            page = browser.new_page()
            page.set_content('<input type="number" value="1">')
            page.locator("input").fill("2")
            entered = page.locator("input").input_value()
            browser.close()
    except Error as error:
        return f"Playwright cannot drive it ({first_line(error.message)})"
    # Some versions of Playwright add to what stands in a field of some versions of Firefox.
    return "" if entered == "2" else f"Playwright cannot fill a field (it enters {entered}, not 2)"


def run(candidate: Candidate) -> int:
    """Run the journeys in one browser."""
    print(f"The main journeys in {candidate.name}:", flush=True)
    parallel = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")
    command = [sys.executable, "-m", "pytest", *parallel, *candidate.options, *JOURNEYS]
    environment = os.environ | candidate.environment
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
