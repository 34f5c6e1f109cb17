"""The weight of a page for a browser that has cached nothing of it.

`pytest e2e/journeys/test_weight.py -rP` shows the figures of docs/performance.md.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from e2e.pages import CardsPage
from e2e.support.cards import DECLINED, THREE_DS_CARD, VISA

KB = 1000

#: Bytes as they are transferred, with the headers of the answers.
MAX_WEIGHT = {"all": 60 * KB, "Script": 16 * KB, "Stylesheet": 11 * KB}

#: Notes how far elements shifted by themselves, which, and when; and since when a frame has
#: shown the page as a whole. A busy machine may draw parts of it before.
WATCH_SHIFTS = """
window.shifts = []
new PerformanceObserver((list) => {
  for (const { value, sources, startTime } of list.getEntries()) {
    const elements = sources.map(({ node, previousRect, currentRect }) =>
      `${node?.outerHTML?.slice(0, 80)} from ${previousRect.y} to ${currentRect.y}`)
    window.shifts.push({ startTime, text: `${value}: ${elements.join("; ")}` })
  }
}).observe({ type: "layout-shift", buffered: true })
document.addEventListener("readystatechange", () => requestAnimationFrame(
  () => requestAnimationFrame(() => { window.wholeSince = performance.now() })), { once: true })
"""

KINDS = ("Script", "Stylesheet", "Image", "Document")

#: A shift is reported once the next frame has been drawn.
SHIFTS_OF_WHOLE_PAGE = """() => new Promise((done) => requestAnimationFrame(
  () => requestAnimationFrame(() => setTimeout(() => done(window.shifts
    .filter(({ startTime }) => startTime >= window.wholeSince).map(({ text }) => text))))))"""


class Part(NamedTuple):
    """One answer that the page is made of."""

    url: str
    kind: str
    size: int
    headers: dict[str, str]


def public_pages(shopper):
    """Pages of a visitor with an empty cart."""
    paths = {
        "home": "/",
        "product": "/products/lamp",
        "empty cart": "/cart",
        "log in": "/login",
        "create account": "/signup",
    }
    for name, path in paths.items():
        shopper.page.goto(path)
        yield name


def pages_with_a_cart(shopper):
    """The cart, and the checkout of a guest."""
    shopper.go_to_checkout()
    yield "checkout"
    shopper.page.goto("/cart")
    yield "cart"


def pages_of_a_member(shopper):
    """Pages of a member with a saved card and an order."""
    shopper.sign_up()
    CardsPage.open(shopper.page).add(VISA)
    yield "cards"
    checkout = shopper.go_to_checkout()
    yield "checkout with a saved card"
    checkout.select_method(VISA.label)
    checkout.with_address().pay().expect_status("paid")
    yield "paid order"
    shopper.page.goto("/orders")
    yield "orders"
    shopper.page.goto("/account")
    yield "account"


def unpaid_orders(shopper):
    """An order that failed, and one that waits for the bank."""
    shopper.go_to_checkout().pay_with(DECLINED).expect_status("payment_failed")
    yield "failed order"
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).page.go_back()
    yield "order at the bank"


#: Where a card can be entered, and so where Omise is asked.
CARD_PAGES = {"checkout", "checkout with a saved card", "cards"}


@pytest.mark.parametrize(
    "visit",
    [public_pages, pages_with_a_cart, pages_of_a_member, unpaid_orders],
    ids=lambda visit: visit.__name__,
)
def test_pages_are_light_and_do_not_shift(shopper, base_url, visit):
    shopper.page.add_init_script(WATCH_SHIFTS)
    for name in visit(shopper):
        parts = load_uncached(shopper.page)
        shifted = shopper.page.evaluate(SHIFTS_OF_WHOLE_PAGE)
        own = [part for part in parts if part.url.startswith(base_url)]
        foreign = [part for part in parts if part not in own]
        weights = {kind: weight(own, kind) for kind in KINDS}
        total = weight(parts)
        print(name, len(parts), *weights.values(), weight(foreign), total, sep=" | ")  # noqa: T201 - a row of the docs
        assert total <= MAX_WEIGHT["all"], name
        assert weights["Script"] <= MAX_WEIGHT["Script"], name
        assert weights["Stylesheet"] <= MAX_WEIGHT["Stylesheet"], name
        assert shifted == [], name
        assert bool(foreign) == (name in CARD_PAGES), name


def test_static_files_are_compressed_and_cached(shopper, base_url):
    shopper.go_to_checkout()

    parts = load_uncached(shopper.page)

    static = [part for part in parts if part.url.startswith(f"{base_url}/static/")]
    assert len(static) > len(("submit-once.js", "base.css"))
    for part in static:
        assert part.headers["Content-Encoding"] == "gzip", part.url
        assert "immutable" in part.headers["Cache-Control"], part.url


def test_second_page_loads_no_static_files(page):
    page.goto("/")

    parts = load(page, lambda: page.goto("/products/lamp"))

    loaded = [urlsplit(part.url).path for part in parts if part.size]
    assert [path for path in loaded if path.endswith((".css", ".js"))] == []


def load_uncached(page) -> list[Part]:
    """Load the page as a new visitor does.

    Without its cache a browser fetches the logo again for the tab; a new visitor has it by then.
    """
    return list({part.url: part for part in load(page, page.reload, cache_disabled=True)}.values())


def load(page, go, *, cache_disabled: bool = False) -> list[Part]:
    """Go to a page: everything that came over the network."""
    answers, parts = {}, []

    def on_response(event):
        answers[event["requestId"]] = event

    def on_finished(event):
        answer = answers.get(event["requestId"])
        if answer is None:  # it belongs to the page before this one
            return
        response = answer["response"]
        if not response["url"].startswith("data:"):
            size = 0 if response.get("fromDiskCache") else event["encodedDataLength"]
            parts.append(Part(response["url"], answer["type"], int(size), response["headers"]))

    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.responseReceived", on_response)
    devtools.on("Network.loadingFinished", on_finished)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": cache_disabled})
    go()
    devtools.detach()
    return parts


def weight(parts: list[Part], kind: str = "") -> int:
    """The bytes of all parts, or of those of one kind."""
    return sum(part.size for part in parts if kind in ("", part.kind))
