"""What must hold for every shop: no card data reaches its server, and one click is one charge."""

import re
from urllib.parse import unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, Request

from omise_sandbox.playwright.card_form import Card
from omise_sandbox.testing import Json, World

SEPARATORS = re.compile(r"[\s+-]")


class ShopTraffic:
    """Every request that the browser sends to the shop."""

    def __init__(self, context: BrowserContext, shop_url: str) -> None:
        self._host = urlsplit(shop_url).netloc
        self._requests: list[Request] = []
        context.on("request", self._note)

    def expect_no_card_data(self, *cards: Card) -> None:
        """Fail if a request to the shop carried the number of one of the cards.

        Raises:
            AssertionError: naming the requests.
        """
        cards = cards or (Card(),)
        leaks = [
            f"{request.method} {request.url}"
            for request in self._requests
            if any(card.number in _digits(request) for card in cards)
        ]
        assert not leaks, f"card data reached the shop: {leaks}"  # noqa: S101 - a test helper

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).netloc == self._host:
            self._requests.append(request)


def expect_one_charge(world: World, status: str = "successful") -> Json:
    """The only charge of the world.

    Raises:
        AssertionError: when there are none or several, or its status is another.
    """
    charges = world.charges()
    found = [(charge["id"], charge["status"]) for charge in charges]
    assert len(charges) == 1, f"expected one charge, got {found}"  # noqa: S101
    assert charges[0]["status"] == status, f"expected {status}, got {found}"  # noqa: S101
    return charges[0]


def _digits(request: Request) -> str:
    """Everything that was sent, without spaces and dashes."""
    body = (request.post_data_buffer or b"").decode("utf-8", "replace")
    headers = " | ".join(request.headers.values())
    return SEPARATORS.sub("", unquote_plus(f"{request.url}|{headers}|{body}"))
