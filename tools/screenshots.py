"""`make screenshots`: the pictures of the README and the docs, taken from the running shop."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
SCREENS = {"desktop": (1280, 860), "phone": (390, 844)}

#: The pictures that the docs show.
KEPT = {"shop-desktop-light", "checkout-desktop-light", "checkout-phone-dark", "order-phone-dark"}


def main() -> None:
    """Start the shop, take the pictures, stop it."""
    ports = {"PORT": free_port(), "SANDBOX_PORT": free_port()}
    shop, sandbox = (f"http://127.0.0.1:{port}" for port in ports.values())
    with tempfile.TemporaryDirectory() as folder:
        program = subprocess.Popen(
            [sys.executable, "tools/run.py"],
            cwd=ROOT,
            env=os.environ | ports | {"DATA_DIR": folder},
        )
        try:
            wait_for(shop)
            wait_for(f"{sandbox}/_sandbox/health")
            take_pictures(shop, sandbox)
        finally:
            program.terminate()
            program.wait()


def take_pictures(shop: str, sandbox: str) -> None:
    """Walk through the shop once for each screen and colour scheme."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        for screen, (width, height) in SCREENS.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                buy(page, shop, f"{screen}-{scheme}")
                page.context.close()
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(f"{sandbox}/_sandbox/")
        page.get_by_text("/tokens").first.wait_for()
        page.screenshot(path=PICTURES / "inspector.png")
        browser.close()


def buy(page: Page, shop: str, name: str) -> None:
    """Buy something, with pictures of the pages on the way."""

    def picture(what: str) -> None:
        if f"{what}-{name}" in KEPT:
            page.screenshot(path=PICTURES / f"{what}-{name}.png", full_page=True)

    page.goto(shop)
    picture("shop")
    page.goto(f"{shop}/products/lamp")
    page.get_by_role("button", name="Add to cart").click()
    page.goto(f"{shop}/checkout")
    page.get_by_label("Email").fill("somchai@example.com")
    page.get_by_label("Name on card").fill("Somchai Prasert")
    page.get_by_label("Card number").fill("4242424242424242")
    page.get_by_label("Expiry date").fill("12 / 40")
    picture("checkout")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay").click()
    page.locator('main[data-status="paid"]').wait_for()
    picture("order")


def chromium() -> dict[str, str]:
    """How to start the browser of the tests."""
    found = subprocess.run(
        [sys.executable, "tools/ensure_browser.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    launch: dict[str, str] = json.loads(found.stdout.splitlines()[-1])["launch"]
    return launch


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until a program answers, ten seconds at most."""
    deadline = time.monotonic() + 10
    while True:
        try:
            with urlopen(url, timeout=1):  # noqa: S310  # an address of our own
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise


if __name__ == "__main__":
    main()
