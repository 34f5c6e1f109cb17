"""A shop with its sandbox, to be looked at and measured by the other tools."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent


class Demo(NamedTuple):
    """Where the two programs answer."""

    shop: str
    sandbox: str


@contextmanager
def running_demo() -> Iterator[Demo]:
    """A fresh shop and sandbox, until the block ends."""
    ports = {"PORT": free_port(), "SANDBOX_PORT": free_port()}
    demo = Demo(*(f"http://127.0.0.1:{port}" for port in ports.values()))
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+b") as log:
        program = subprocess.Popen(
            [sys.executable, "tools/run.py"],
            cwd=ROOT,
            env=os.environ | ports | {"DATA_DIR": folder},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(demo.shop)
            wait_for(f"{demo.sandbox}/_sandbox/health")
            yield demo
        except Exception:
            sys.stderr.write(Path(log.name).read_text()[-4000:])
            raise
        finally:
            program.terminate()
            program.wait()


def put_in_cart(page: Page, shop: str, sku: str) -> None:
    """Choose something."""
    page.goto(f"{shop}/products/{sku}")
    page.get_by_role("button", name="Add to cart").click()


def fill_in_checkout(page: Page, shop: str) -> None:
    """Enter everything but the security code."""
    page.goto(f"{shop}/checkout")
    page.get_by_label("Email").fill("somchai@example.com")
    page.get_by_label("Name on card").fill("Somchai Prasert")
    page.get_by_label("Card number").fill("4242424242424242")
    page.get_by_label("Expiry date").fill("12 / 40")


def pay(page: Page) -> None:
    """Enter the code, and pay."""
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay").click()
    page.locator('main[data-status="paid"]').wait_for()


def chromium() -> dict[str, Any]:
    """How to start the browser of the tests."""
    found = subprocess.run(
        [sys.executable, "tools/ensure_browser.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    launch: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])["launch"]
    return launch


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until a program answers, half a minute at most."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urlopen(url, timeout=1):  # noqa: S310  # an address of our own
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise
