"""What pages do behind the shopper's back: what they log, whom they ask, what they send."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

from e2e.support.cards import Card

#: Makes a breach of the content policy as loud as an exception.
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (breach) => {
  console.error(`CSP: ${breach.violatedDirective} forbids ${breach.blockedURI}`)
})
"""

#: What people write between the digits of a number.
GAPS = re.compile(r"[\s-]")

SECURITY_CODE_NAMES = re.compile(r"security.?code|\bcv[cv]2?\b", re.IGNORECASE)


class Watch:
    """Eyes on every page of one test."""

    def __init__(self, shop: str, *others: str) -> None:
        self.shop = urlsplit(shop).netloc
        self.known_hosts = {self.shop, *others}
        self.noise: list[str] = []
        self.strangers: list[str] = []
        self.sent_to_shop: list[Request] = []
        self.cookies: list[str] = []
        self._expected: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of a context, also those that it opens later."""
        context.add_init_script(REPORT_BREACHES)
        context.on("console", self._hear)
        context.on("weberror", self._hear_crash)
        context.on("request", self._see_request)

    def look_into(self, context: BrowserContext) -> None:
        """Note the cookies that the shop was given; headers do not show them."""
        self.cookies += [cookie["value"] for cookie in context.cookies(f"http://{self.shop}")]

    def expect(self, *words: str) -> None:
        """Let pages log these words; each must be heard at least once."""
        self._expected += words

    def complaints(self) -> list[str]:
        """What pages logged against expectation, and expected words that were never heard."""
        unexpected = [n for n in self.noise if not any(words in n for words in self._expected)]
        heard = "\n".join(self.noise)
        missing = [words for words in self._expected if words not in heard]
        return unexpected + [f"expected, but never logged: {words}" for words in missing]

    def leaks(self, cards: list[Card]) -> list[str]:
        """The requests that told the shop a number or a security code of these cards."""
        leaks = [
            f"{request.method} {request.url}"
            for request in self.sent_to_shop
            if any(tells(request, card) for card in cards)
        ]
        return leaks + [
            f"cookie {value}" for value in self.cookies for card in cards if shows(value, card)
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.noise.append(f"{message.text} ({message.location.get('url', '')})")

    def _hear_crash(self, crash: WebError) -> None:
        self.noise.append(f"uncaught: {crash.error}")

    def _see_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss"):
            if address.netloc not in self.known_hosts:
                self.strangers.append(request.url)
            if address.netloc == self.shop:
                self.sent_to_shop.append(request)


def tells(request: Request, card: Card) -> bool:
    """Whether a request carries the number of a card, or a security code."""
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    everything = "\n".join((request.url, headers, body_of(request)))
    return (
        shows(everything, card)
        or SECURITY_CODE_NAMES.search(unquote_plus(everything)) is not None
        or card.security_code in values_in(request)
    )


def shows(text: str, card: Card) -> bool:
    """Whether the number stands in the text, also in groups or percent-encoded."""
    number = GAPS.sub("", card.number)
    versions = (text, unquote_plus(text))
    return bool(number) and any(number in GAPS.sub("", version) for version in versions)


def values_in(request: Request) -> set[str]:
    """The value of every field that a request carries, in its address, a form or JSON."""
    body = body_of(request)
    pairs = parse_qsl(urlsplit(request.url).query) + parse_qsl(body)
    return {value for _, value in pairs} | set(json_values(body))


def json_values(body: str) -> Iterator[str]:
    """Every string and number of a JSON document; none when it is something else."""
    try:
        waiting = [json.loads(body)]
    except ValueError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        else:
            yield str(value)


def body_of(request: Request) -> str:
    """What was posted, as text."""
    return (request.post_data_buffer or b"").decode("utf-8", "replace")
