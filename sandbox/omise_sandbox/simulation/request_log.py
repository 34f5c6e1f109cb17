"""The latest requests of a world, for the inspector and for tests.

The card of a request is masked before it is stored; anything else that looks like a card number is
masked before it is shown.
"""

import re
from collections import deque
from typing import Any, NamedTuple

import orjson

from omise_sandbox.simulation.masking import masked, masked_text, without_card
from omise_sandbox.storage.clock import iso_fine

MAX_REQUESTS = 500
#: Objects begin with their kind and their id.
OBJECT_ID = re.compile(rb'\{\s*"object": "\w+",\s*"id": "(\w+)"')


class LoggedRequest(NamedTuple):
    """One request and its response."""

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

    @property
    def response_id(self) -> str | None:
        """The id of the object in the response, if there is one."""
        found = OBJECT_ID.match(self.response)
        return found[1].decode() if found else None

    def to_json(self) -> dict[str, Any]:
        """The request as the inspector shows it; without a status the response was cut off."""
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


class RequestLog:
    """A ring buffer of requests."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=MAX_REQUESTS)
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
        """Log a request; the oldest one drops out."""
        self._number = number = self._number + 1
        kept = without_card(request)
        entry = LoggedRequest(
            number, at, method, path, query, status, seconds, kept, response, fault
        )
        self._requests.append(entry)

    def find(self, method: str | None, path: str | None, after: int) -> list[LoggedRequest]:
        """Logged requests, oldest first: by method, by path and below, after an id."""
        below = f"{(path or '').rstrip('/')}/"
        return [
            entry
            for entry in self._requests
            if entry.id > after
            and method in (None, entry.method)
            and f"{entry.path}/".startswith(below)
        ]


def _readable(body: bytes) -> object:
    try:
        return masked(orjson.loads(body)) if body else None
    except orjson.JSONDecodeError:
        return masked_text(body.decode("utf-8", "replace"))
