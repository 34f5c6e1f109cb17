"""Where a Chromium may be: Playwright's own, one on the PATH, an installed channel.

E2E_CHROMIUM=/path/to/chromium names exactly one; E2E_BROWSER=playwright allows Playwright's alone.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Where `make browser` unpacks a headless shell from npm.
CACHE = Path(os.environ.get("E2E_CACHE", ".cache/e2e")) / "npm"

#: The names of a full Chromium on the PATH, and the places of those that are not on it.
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "brave-browser",
    "microsoft-edge",
    "/usr/lib/chromium/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

#: Installations that Playwright finds by itself, on Windows and macOS too.
CHANNELS = ("chrome", "msedge")

SHELLS = ("chromium-headless-shell", "chrome-headless-shell")

#: How a browser was found, and the arguments that launch it.
Candidate = tuple[str, dict[str, Any]]


def full_browsers() -> Iterator[Candidate]:
    """How each full Chromium is found, and the arguments that launch it; the best first."""
    if chosen := os.environ.get("E2E_CHROMIUM"):
        yield "E2E_CHROMIUM", {"executable_path": chosen}
        return
    yield "playwright", {"channel": "chromium"}
    if only_playwright():
        return
    for program in installed(PROGRAMS):
        yield "system", {"executable_path": program}
    for channel in CHANNELS:
        yield "channel", {"channel": channel}


def headless_shells() -> Iterator[Candidate]:
    """The same for headless shells."""
    if os.environ.get("E2E_CHROMIUM"):
        return
    yield "playwright", {}
    if only_playwright():
        return
    for program in installed(SHELLS):
        yield "system", {"executable_path": program}
    if (unpacked := CACHE / "chromium").exists():
        yield "npm", {"executable_path": str(unpacked.resolve())}


def only_playwright() -> bool:
    """Whether only Playwright's own build may be used."""
    return os.environ.get("E2E_BROWSER") == "playwright"


def installed(programs: tuple[str, ...]) -> list[str]:
    """Those of the programs that this machine has; one with several names counts once."""
    found = {os.path.realpath(path): path for path in map(shutil.which, reversed(programs)) if path}
    return list(reversed(found.values()))
