"""The payment page as a browser receives it, held against its inventory (PCI DSS 6.4.3 and 11.6.1).

`payment_page.toml` names every script of the page with the reason why it is there, the hashes of
our own, and the headers that protect the page. Omise changes its script when it likes: its hash is
accepted by somebody who has looked, and kept in a file beside the database.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storefront.errors import BrowserMissing
from storefront.settings import Settings

MANIFEST = "payment_page.toml"

#: Of the scripts in `static/js`, those that the payment page loads, itself or by import.
OUR_SCRIPT = re.compile(r"/static/[^/]+/(?P<path>.+)")

#: Milliseconds that a page has to load.
PATIENCE = 30_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser got."""

    #: Address of each script → sha256 of its text.
    scripts: dict[str, str]
    inline_scripts: int
    headers: Mapping[str, str]  #: names in lower case


@dataclass(frozen=True, slots=True)
class Inventory:
    """What it should get."""

    #: Path among our static files → sha256.
    ours: dict[str, str]
    #: Address of each script of others → why it is there.
    theirs: dict[str, str]
    headers: dict[str, str]
    #: Address of each script of others → sha256 that somebody has accepted.
    accepted: dict[str, str] = field(default_factory=dict)


def inventory(settings: Settings, accepted: Path | None = None) -> Inventory:
    """The inventory for a shop with those settings."""
    manifest = tomllib.loads(resources.files(__package__).joinpath(MANIFEST).read_text("utf-8"))
    omise_js, form = _origin(settings.omise_js_url), settings.card_form
    places = {
        "omise_js": omise_js,
        # Over plain http browsers take reports by the older way alone (web/security.py).
        "report_to": "; report-to csp" if settings.over_tls else "",
        "card_form": f"frame-src {_origin(settings.omise_vault_url)}"
        if form == "own"
        else f"frame-src {omise_js}; style-src-attr 'unsafe-inline'",
    }
    kept = accepted.read_text("utf-8") if accepted and accepted.exists() else "{}"
    return Inventory(
        ours={
            row["path"]: row["sha256"]
            for row in manifest["our_script"]
            if form in row.get("card_forms", [form])
        },
        theirs={
            getattr(settings, row["setting"].lower()): row["reason"]
            for row in manifest["script_of_others"]
        },
        headers={name: value % places for name, value in manifest["headers"].items()},
        accepted=json.loads(kept),
    )


def drift(seen: Seen, wanted: Inventory) -> Iterator[str]:
    """Each way in which what a browser got is not what it should get."""
    if seen.inline_scripts:
        yield f"{seen.inline_scripts} scripts stand in the page itself"
    for url, digest in seen.scripts.items():
        yield from _about_script(url, digest, wanted)
    arrived = {_our_path(url) or url for url in seen.scripts}
    for missing in sorted({*wanted.ours, *wanted.theirs} - arrived):
        yield f"{missing} did not arrive"
    for name, value in wanted.headers.items():
        got = seen.headers.get(name.lower())
        if got != value:
            yield f"{name} is {got!r}, not {value!r}"


def _about_script(url: str, digest: str, wanted: Inventory) -> Iterator[str]:
    if path := _our_path(url):
        if path not in wanted.ours:
            yield f"{path} is not in the inventory"
        elif digest != wanted.ours[path]:
            yield f"{path} is not what was released (sha256 {digest})"
    elif url not in wanted.theirs:
        yield f"{url} is not in the inventory"
    elif url not in wanted.accepted:
        yield f"{url} has not been accepted yet (sha256 {digest}); look at it, then --accept"
    elif digest != wanted.accepted[url]:
        yield f"{url} has changed (sha256 {digest}); look at it, then --accept"


def accept(seen: Seen, wanted: Inventory, file: Path) -> None:
    """Keep the hashes of the scripts of others, now that somebody has looked at them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    hashes = {url: digest for url, digest in seen.scripts.items() if url in wanted.theirs}
    file.write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")


def look(url: str, launch: Mapping[str, Any], *, ignore_tls: bool = False) -> Seen:
    """Put the first product in a cart, go to the payment page, and note what arrives.

    Args:
        url: of the shop.
        launch: how Playwright is to start Chromium.
        ignore_tls: whether a certificate that nobody vouches for will do.

    Raises:
        BrowserMissing: when Playwright is not installed.
    """
    try:
        from playwright.sync_api import Response, sync_playwright
    except ImportError:
        raise BrowserMissing from None
    responses: list[Response] = []
    with sync_playwright() as playwright, playwright.chromium.launch(**launch) as browser:
        page = browser.new_page(locale="en-GB", ignore_https_errors=ignore_tls)
        page.set_default_timeout(PATIENCE)
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
        return Seen(scripts, inline, document.all_headers() if document else {})


def _our_path(url: str) -> str | None:
    found = OUR_SCRIPT.fullmatch(urlsplit(url).path)
    return found["path"] if found else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
