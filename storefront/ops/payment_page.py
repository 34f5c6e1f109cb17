"""The payment page in a browser, compared with its inventory (PCI DSS 6.4.3 and 11.6.1).

`payment_page.toml` lists every script of the page with its reason, the hashes of our own scripts,
and the headers that protect the page. Omise may change its script at any time: a person reviews and
approves its hash, which is stored in a file beside the database.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storefront.ops.chromium import chromium
from storefront.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Response

INVENTORY_FILE = "payment_page.toml"

#: The address of one of our scripts.
OWN_SCRIPT = re.compile(r"/static/[^/]+/(?P<path>.+)")

#: Milliseconds for a page to load.
TIMEOUT = 30_000


@dataclass(frozen=True, slots=True)
class Observed:
    """What a browser received."""

    #: Address of each script → sha256 of its text.
    scripts: dict[str, str]
    inline_scripts: int
    headers: Mapping[str, str]  #: names in lower case


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a browser should receive."""

    #: Path of each of our scripts → sha256.
    own: dict[str, str]
    #: Address of each third-party script → the reason why it is there.
    third_party: dict[str, str]
    headers: dict[str, str]
    #: Address of each third-party script → the approved sha256.
    approved: dict[str, str] = field(default_factory=dict)


def inventory(settings: Settings, approved: Path | None = None) -> Inventory:
    """The inventory of a shop with these settings."""
    text = resources.files(__package__).joinpath(INVENTORY_FILE).read_text("utf-8")
    manifest = tomllib.loads(text)
    omise_js, form = _origin(settings.omise_js_url), settings.card_form
    parameters = {
        "omise_js": omise_js,
        # Over plain http browsers accept reports by `report-uri` only (web/headers.py).
        "report_to": "; report-to csp" if settings.over_tls else "",
        "card_form": f"frame-src {_origin(settings.omise_vault_url)}"
        if form == "own"
        else f"frame-src {omise_js}; style-src-attr 'unsafe-inline'",
    }
    has_approvals = approved is not None and approved.exists()
    return Inventory(
        own={
            row["path"]: row["sha256"]
            for row in manifest["our_script"]
            if form in row.get("card_forms", [form])
        },
        third_party={
            getattr(settings, row["setting"].lower()): row["reason"]
            for row in manifest["third_party_script"]
        },
        headers={name: value % parameters for name, value in manifest["headers"].items()},
        approved=json.loads(approved.read_text("utf-8")) if approved and has_approvals else {},
    )


def diff(observed: Observed, expected: Inventory) -> Iterator[str]:
    """Each difference between the page and its inventory, as a line of text."""
    if observed.inline_scripts:
        yield f"{observed.inline_scripts} inline scripts in the page"
    for url, digest in observed.scripts.items():
        yield from _diff_script(url, digest, expected)
    received = {_own_path(url) or url for url in observed.scripts}
    for missing in sorted({*expected.own, *expected.third_party} - received):
        yield f"{missing} was not loaded"
    for name, value in expected.headers.items():
        actual = observed.headers.get(name.lower())
        if actual != value:
            yield f"{name} is {actual!r}, not {value!r}"


def _diff_script(url: str, digest: str, expected: Inventory) -> Iterator[str]:
    if path := _own_path(url):
        if path not in expected.own:
            yield f"{path} is not in the inventory"
        elif digest != expected.own[path]:
            yield f"{path} differs from the released file (sha256 {digest})"
    elif url not in expected.third_party:
        yield f"{url} is not in the inventory"
    elif url not in expected.approved:
        yield f"{url} is not approved (sha256 {digest}); review it, then --approve"
    elif digest != expected.approved[url]:
        yield f"{url} has changed (sha256 {digest}); review it, then --approve"


def approve(observed: Observed, expected: Inventory, file: Path) -> None:
    """Store the hashes of the third-party scripts after a review."""
    file.parent.mkdir(parents=True, exist_ok=True)
    hashes = {url: sha for url, sha in observed.scripts.items() if url in expected.third_party}
    file.write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")


def observe(url: str, browser_path: str | None = None, *, ignore_tls: bool = False) -> Observed:
    """Open the payment page in a browser, with the first product in the cart.

    Args:
        url: of the shop.
        browser_path: the Chromium to use; default: see `chromium`.
        ignore_tls: accept a certificate without a known issuer.

    Raises:
        BrowserMissing: if no browser can be started.
    """
    responses: list[Response] = []
    with chromium(browser_path) as browser:
        page = browser.new_page(locale="en-GB", ignore_https_errors=ignore_tls)
        page.set_default_timeout(TIMEOUT)
        page.goto(url)
        page.goto(page.evaluate("document.querySelector('a[href^=\"/products/\"]').href"))
        with page.expect_navigation():
            page.evaluate("document.querySelector('form[action$=\"/cart\"]').submit()")
        page.on("response", lambda response: responses.append(response))
        document = page.goto(f"{url}/checkout", wait_until="networkidle")
        scripts = {
            response.url: hashlib.sha256(response.body()).hexdigest()
            for response in responses
            if response.request.resource_type == "script" and response.frame == page.main_frame
        }
        inline = page.evaluate("document.querySelectorAll('script:not([src])').length")
        return Observed(scripts, inline, document.all_headers() if document else {})


def _own_path(url: str) -> str | None:
    found = OWN_SCRIPT.fullmatch(urlsplit(url).path)
    return found["path"] if found else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
