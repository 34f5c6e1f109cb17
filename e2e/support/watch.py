"""What pages do unseen: what they log, which hosts they contact, what they send to the shop."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from e2e.support.cards import Card

#: Logs every breach of the content policy in the same words in every browser.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (violation) => {
  console.error(`CSP: ${violation.violatedDirective} forbids ${violation.blockedURI}`)
})
"""

#: What a browser logs by itself about things that are watched more closely: the status of an
#: answer, a request that failed, a breach of the content policy.
WATCHED_OTHERWISE = re.compile(
    r"^Failed to load resource|Content[ -]Security[ -]Policy|Trusted(HTML|Script)", re.IGNORECASE
)

#: A page that is left gives up its requests.
ABORTED = re.compile("ERR_ABORTED|NS_BINDING_ABORTED")

#: What people write between the digits of a number.
GAPS = re.compile(r"[\s-]")

SECURITY_CODE_NAMES = re.compile(r"security.?code|\bcv[cv]2?\b", re.IGNORECASE)


class Watch:
    """Watches every page of one test."""

    def __init__(self, shop: str, *others: str) -> None:
        self.shop = urlsplit(shop).netloc
        self.known_hosts = {self.shop, *others}
        self.logged: list[str] = []
        self.error_statuses: list[tuple[int, str]] = []
        self.unknown_hosts: list[str] = []
        self.sent_to_shop: list[Request] = []
        self.cookies: list[str] = []
        self._allowed: list[str] = []
        self._expected_statuses: set[int] = set()

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of a context, also those that it opens later."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    def read_cookies(self, context: BrowserContext) -> None:
        """Note the cookies that the shop was given; headers do not show them."""
        self.cookies += [cookie["value"] for cookie in context.cookies(f"http://{self.shop}")]

    def allow(self, *words: str) -> None:
        """Tolerate messages and failed requests with these words, where they occur."""
        self._allowed += words

    def expect_status(self, *statuses: int) -> None:
        """Let answers have these statuses; each must occur at least once."""
        self._expected_statuses.update(statuses)

    def problems(self) -> list[str]:
        """What happened unexpectedly, and the expected statuses that no answer had."""
        logged = [text for text in self.logged if not any(words in text for words in self._allowed)]
        unexpected = [
            f"status of {status} ({url})"
            for status, url in self.error_statuses
            if status not in self._expected_statuses
        ]
        missing = self._expected_statuses - {status for status, _ in self.error_statuses}
        return logged + unexpected + [f"no answer had the status {one}" for one in sorted(missing)]

    def leaks(self, cards: list[Card]) -> list[str]:
        """The requests and cookies that gave the shop a number or security code of these cards."""
        leaks = [
            f"{request.method} {request.url}"
            for request in self.sent_to_shop
            if any(has_card_data(request, card) for card in cards)
        ]
        return leaks + [
            f"cookie {value}" for value in self.cookies for card in cards if has_number(value, card)
        ]

    def _on_console(self, message: ConsoleMessage) -> None:
        # Only what a script logs has arguments. What a browser warns of by itself differs from
        # one version to the next.
        by_browser = not message.args
        if message.type not in ("error", "warning"):
            return
        if by_browser and (message.type == "warning" or WATCHED_OTHERWISE.search(message.text)):
            return
        self.logged.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: WebError) -> None:
        self.logged.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss"):
            if address.netloc not in self.known_hosts:
                self.unknown_hosts.append(request.url)
            if address.netloc == self.shop:
                self.sent_to_shop.append(request)

    def _on_failure(self, request: Request) -> None:
        if not ABORTED.search(request.failure or ""):
            self.logged.append(f"{request.failure} ({request.url})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.error_statuses.append((response.status, response.url))


def has_card_data(request: Request, card: Card) -> bool:
    """Whether a request carries the number of a card, or a security code."""
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    everything = "\n".join((request.url, headers, body_of(request)))
    return (
        has_number(everything, card)
        or SECURITY_CODE_NAMES.search(unquote_plus(everything)) is not None
        or card.security_code in values_in(request)
    )


def has_number(text: str, card: Card) -> bool:
    """Whether the text has the card's number, also in groups or percent-encoded."""
    number = GAPS.sub("", card.number)
    versions = (text, unquote_plus(text))
    return bool(number) and any(number in GAPS.sub("", version) for version in versions)


def values_in(request: Request) -> set[str]:
    """The value of every field of a request, in its address, a form or JSON."""
    body = body_of(request)
    pairs = parse_qsl(urlsplit(request.url).query) + parse_qsl(body)
    return {value for _, value in pairs} | set(json_values(body))


def json_values(body: str) -> Iterator[str]:
    """Every string and number of a JSON document; none of any other text."""
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
