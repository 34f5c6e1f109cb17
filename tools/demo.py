"""A running demo of shop and sandbox, and a shopper's steps in it, for the other tools."""

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

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parent.parent

#: Seconds that the demo has to start.
START_TIMEOUT = 60

CARD = "4242424242424242"
CARD_WITH_3DS = "4000000000003063"

ADDRESS = {
    "Full name": "Somchai Prasert",
    "Address": "99/1 Sukhumvit Road",
    "City": "Bangkok",
    "Postal code": "10110",
    "Phone": "081 234 5678",
}


class Demo(NamedTuple):
    """The addresses of the two programs."""

    shop: str
    sandbox: str


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Start a fresh shop and sandbox; stop them when the block ends."""
    ports = {"PORT": free_port(), "SANDBOX_PORT": free_port()}
    demo = Demo(*(f"http://127.0.0.1:{port}" for port in ports.values()))
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "tools.run"],
            cwd=ROOT,
            env=os.environ | ports | {"DATA_DIR": folder},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(Path(log.name))
            yield demo
        finally:
            program.terminate()
            program.wait()


def wait_until_ready(log: Path) -> None:
    """Wait until `make run` has printed its last line.

    Raises:
        SystemExit: if it does not start in time; the log is printed.
    """
    deadline = time.monotonic() + START_TIMEOUT
    while "Press Ctrl-C to stop." not in log.read_text():
        if time.monotonic() > deadline:
            sys.exit(log.read_text())
        time.sleep(0.1)


def put_in_cart(page: Page, shop: str, sku: str) -> None:
    """Add a product to the cart."""
    page.goto(f"{shop}/products/{sku}")
    page.get_by_role("button", name="Add to cart").click()


def fill_in_checkout(page: Page, shop: str, card: str = CARD) -> None:
    """Open the checkout and fill in the form."""
    page.goto(f"{shop}/checkout")
    page.get_by_label("Email").fill("somchai@example.com")
    for label, value in ADDRESS.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Name on card").fill("Somchai Prasert")
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry date").fill("12 / 40")
    page.get_by_label("Security code").fill("123")


def pay_button(page: Page) -> Locator:
    """The button that submits the checkout."""
    return page.get_by_role("button", name="Pay")


def wait_until_paid(page: Page) -> None:
    """Wait for the page of the paid order."""
    page.locator('main[data-status="paid"]').wait_for()


def chromium() -> dict[str, Any]:
    """Arguments that make Playwright launch the browser of the tests."""
    found = subprocess.run(
        [sys.executable, "-m", "tools.ensure_browser"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    launch: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])["launch"]
    return launch


def free_port() -> str:
    """A port that no program listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
