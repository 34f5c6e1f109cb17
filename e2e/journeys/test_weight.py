"""What a page weighs on the way to a browser that has nothing of it yet.

`pytest e2e/journeys/test_weight.py -rP` shows the figures of docs/performance.md.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from e2e.support.cards import ASKS_THE_BANK, DECLINED, VISA

KB = 1000

#: Bytes as they are transferred, with the headers of the answers.
MOST = {"all": 60 * KB, "Script": 12 * KB, "Stylesheet": 15 * KB}

#: Adds up how far things moved by themselves, from the first picture on.
WATCH_SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) window.shifted += shift.value
}).observe({ type: "layout-shift", buffered: true })
"""

#: What is reported of a frame is known once the next one has been drawn.
AFTER_TWO_FRAMES = """() => new Promise((done) => requestAnimationFrame(
  () => requestAnimationFrame(() => setTimeout(() => done(window.shifted)))))"""


class Part(NamedTuple):
    """One answer that the page was made of."""

    url: str
    kind: str
    size: int
    headers: dict[str, str]


def at(path):
    """A page that needs nothing before it."""
    return lambda shopper: shopper.page.goto(path)


def with_a_cart(path):
    """A page with something in the cart."""

    def go(shopper):
        shopper.at_checkout()
        shopper.page.goto(path)

    return go


def after_saving_a_card(path):
    """A page of a member with a card."""

    def go(shopper):
        shopper.signs_up()
        shopper.has_saved(VISA)
        shopper.at_checkout()
        shopper.page.goto(path)

    return go


def waiting_for_the_bank(shopper):
    """An order that is not paid yet."""
    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK).page.go_back()


PAGES = {
    "home": at("/"),
    "product": at("/products/lamp"),
    "empty cart": at("/cart"),
    "cart": with_a_cart("/cart"),
    "checkout": with_a_cart("/checkout"),
    "checkout with a saved card": after_saving_a_card("/checkout"),
    "paid order": lambda shopper: shopper.has_paid_with(VISA),
    "failed order": lambda shopper: shopper.at_checkout().pay_with(DECLINED),
    "order at the bank": waiting_for_the_bank,
    "orders": after_saving_a_card("/orders"),
    "cards": after_saving_a_card("/cards"),
    "log in": at("/login"),
    "create account": at("/signup"),
}

#: Where a card can be entered, and so where Omise is asked.
CARD_PAGES = {"checkout", "checkout with a saved card", "cards"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_stands_still(shopper, base_url, name):
    PAGES[name](shopper)

    parts, shifted = load_afresh(shopper.page)

    ours = [part for part in parts if part.url.startswith(base_url)]
    theirs = [part for part in parts if part not in ours]
    weights = {kind: weight(ours, kind) for kind in ("Script", "Stylesheet", "Image", "Document")}
    total = weight(parts)
    print(name, len(parts), *weights.values(), weight(theirs), total, sep=" | ")  # noqa: T201 - a row of the docs
    assert total <= MOST["all"]
    assert weights["Script"] <= MOST["Script"]
    assert weights["Stylesheet"] <= MOST["Stylesheet"]
    assert shifted == 0
    assert bool(theirs) == (name in CARD_PAGES)


@pytest.mark.parametrize("name", ["home", "checkout"])
def test_static_files_are_compressed_and_kept_for_good(shopper, base_url, name):
    PAGES[name](shopper)

    parts, _ = load_afresh(shopper.page)

    static = [part for part in parts if part.url.startswith(f"{base_url}/static/")]
    assert len(static) > len(("main.js", "base.css"))
    for part in static:
        assert part.headers["Content-Encoding"] == "gzip", part.url
        assert "immutable" in part.headers["Cache-Control"], part.url


def test_the_second_page_brings_only_itself(page):
    page.goto("/")

    parts = load(page, lambda: page.goto("/products/lamp"))

    came = [urlsplit(part.url).path for part in parts if part.size]
    assert [path for path in came if path.endswith((".css", ".js"))] == []


def load_afresh(page) -> tuple[list[Part], float]:
    """Load the page as a new visitor does: what came, and how far things shifted."""
    page.add_init_script(WATCH_SHIFTS)
    parts = load(page, page.reload, cache_disabled=True)
    return parts, page.evaluate(AFTER_TWO_FRAMES)


def load(page, go, *, cache_disabled: bool = False) -> list[Part]:
    """Go somewhere: everything that came over the network."""
    answers, parts = {}, []

    def came(event):
        answers[event["requestId"]] = event

    def ended(event):
        answer = answers[event["requestId"]]
        response = answer["response"]
        if not response["url"].startswith("data:"):
            size = 0 if response.get("fromDiskCache") else event["encodedDataLength"]
            parts.append(Part(response["url"], answer["type"], int(size), response["headers"]))

    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.responseReceived", came)
    devtools.on("Network.loadingFinished", ended)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": cache_disabled})
    go()
    devtools.detach()
    return parts


def weight(parts: list[Part], kind: str = "") -> int:
    """The bytes of all parts, or of those of one kind."""
    return sum(part.size for part in parts if kind in ("", part.kind))
