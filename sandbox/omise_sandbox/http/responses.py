"""Answers on the wire: indented JSON with the headers of the recordings.

aiohttp's own responses gather headers in a case-insensitive dictionary, turn them into text, then
into bytes. That costs as much as making a charge, and our answers need none of it.
"""

import time
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from uuid import uuid4

import orjson
from aiohttp.web_request import BaseRequest

from omise_sandbox.rules.errors import Refusal
from omise_sandbox.storage.journal import Journal

PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
VERSION_HEADER = "Omise-Version"
#: Source: docs.omise.co/api-versioning. All are answered as the newest.
VERSIONS = {"2014-07-27", "2015-11-17", "2017-11-02", "2019-05-29"}

#: What browsers call from a merchant's page.
CALLED_BY_BROWSERS = ("/tokens", "/sources")
CORS = (
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
    "Access-Control-Allow-Headers: Authorization, Content-Type, Omise-Version\r\n"
    "Access-Control-Max-Age: 600\r\n"
)
JSON_HEADERS = (
    "Content-Type: application/json; charset=utf-8\r\nCache-Control: no-cache, no-store\r\n"
)
PROCESS_ID = str(uuid4()).rpartition("-")[0]
COUNTER = count(1)
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Reply:
    """A whole answer, sent in one piece: what aiohttp needs of a response and no more."""

    __slots__ = ("_closes", "_request", "_sent", "body", "headers", "journal", "status")

    def __init__(self, body: bytes, status: int = 200, headers: str = JSON_HEADERS) -> None:
        self.body = body
        self.status = status
        #: Lines of headers, each with its line end.
        self.headers = headers
        #: The answer leaves when this has written what was changed.
        self.journal: Journal | None = None
        self._sent = False
        self._closes = False

    @property
    def keep_alive(self) -> bool:
        """Whether another request may come on the connection."""
        return not self._closes and self._request.keep_alive

    def force_close(self) -> None:
        """Close the connection after this answer."""
        self._closes = True

    async def prepare(self, request: BaseRequest) -> None:
        """aiohttp says whom the answer is for."""
        self._request = request

    async def write_eof(self) -> None:
        """Send it, once, as soon as the journal is written.

        The task does not wait for that, since waking it up again costs as much as writing does;
        unless the connection is to be closed, which must not come first.
        """
        if self._sent:
            return
        self._sent = True
        if self.journal is None:
            self._send()
        else:
            self.journal.then(self._send)
            if not self.keep_alive:
                await self.journal.committed()
        await self._request.writer.drain()

    def _send(self) -> None:
        """A caller who is gone is no matter."""
        transport = self._request.transport
        if transport is not None and not transport.is_closing():
            body = b"" if self._request.method == "HEAD" else self.body
            transport.write(self._head() + body)

    def _head(self) -> bytes:
        line = STATUS_LINES.get(self.status, f"{self.status} Unknown")
        connection = "keep-alive" if self.keep_alive else "close"
        return (
            f"HTTP/1.1 {line}\r\n{self.headers}X-Request-Id: {request_id()}\r\n"
            f"Content-Length: {len(self.body)}\r\nDate: {_http_date(int(time.time()))}\r\n"
            f"Server: omise-sandbox\r\nConnection: {connection}\r\n\r\n"
        ).encode("latin-1", "replace")


def json_reply(shape: object, status: int = 200, version: str | None = None) -> Reply:
    """An answer of the API; the version is echoed when the caller named one."""
    headers = f"{JSON_HEADERS}{VERSION_HEADER}: {version}\r\n" if version else JSON_HEADERS
    return Reply(orjson.dumps(shape, option=PRETTY), status, headers)


def refusal_reply(refusal: Refusal) -> Reply:
    """An error in Omise's envelope."""
    return json_reply(refusal.envelope, refusal.status)


def request_id() -> str:
    """An id in the form of a UUID: one part for the process, one that counts."""
    return f"{PROCESS_ID}-{next(COUNTER):012x}"


def checked_version(version: str | None) -> str | None:
    """The version asked for. Raises 400 for one that never was (assumed; no source tells)."""
    if version is None or version in VERSIONS:
        return version
    raise Refusal("bad_request", f"unknown API version; use one of {', '.join(sorted(VERSIONS))}")


@lru_cache(maxsize=2)
def _http_date(moment: int) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(moment))
