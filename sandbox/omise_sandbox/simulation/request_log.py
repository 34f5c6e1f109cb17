"""The last requests of a world, for the inspector and for tests.

Card numbers and security codes are taken out before a request is kept; whatever else looks like a
card number, wherever it was put by mistake, is masked before it is shown.
"""

from collections import deque
from typing import Any, NamedTuple

import orjson

from omise_sandbox.simulation.masking import masked, masked_text, without_card
from omise_sandbox.storage.clock import iso_fine

KEPT = 500


class Exchange(NamedTuple):
    """One request and what it was answered."""

    id: int
    at: float
    method: str
    path: str
    query: str
    status: int | None
    seconds: float
    request: dict[str, Any]
    response: bytes
    fault: str | None

    def to_json(self) -> dict[str, Any]:
        """The exchange as the inspector shows it; no status means that the answer was cut off."""
        return {
            "id": self.id,
            "at": iso_fine(self.at),
            "method": self.method,
            "path": masked_text(self.path),
            "query": masked_text(self.query),
            "status": self.status,
            "milliseconds": round(self.seconds * 1000, 2),
            "request": masked(self.request),
            "response": _readable(self.response),
            "fault": self.fault,
        }


class Traffic:
    """A ring buffer of exchanges."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._number = 0

    def add(
        self,
        at: float,
        method: str,
        path: str,
        query: str,
        status: int | None,
        seconds: float,
        request: dict[str, Any],
        response: bytes,
        fault: str | None,
    ) -> None:
        """Note an exchange; the oldest falls out."""
        self._number = number = self._number + 1
        kept = without_card(request)
        exchange = Exchange(number, at, method, path, query, status, seconds, kept, response, fault)
        self._exchanges.append(exchange)

    def find(self, method: str | None, path: str | None, after: int) -> list[Exchange]:
        """The exchanges, oldest first: of a method, on a path or below it, after a known one."""
        below = f"{(path or '').rstrip('/')}/"
        return [
            exchange
            for exchange in self._exchanges
            if exchange.id > after
            and method in (None, exchange.method)
            and f"{exchange.path}/".startswith(below)
        ]


def _readable(body: bytes) -> object:
    try:
        return masked(orjson.loads(body)) if body else None
    except orjson.JSONDecodeError:
        return masked_text(body.decode("utf-8", "replace"))
