"""HTTP responses: indented JSON with the headers of the recordings.

aiohttp's responses collect headers in a case-insensitive dictionary, then convert them to text and
to bytes. That costs as much as creating a charge, and is not needed here.
"""

import time
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from uuid import uuid4

import orjson
from aiohttp.web_request import BaseRequest

from omise_sandbox.rules.errors import ApiError
from omise_sandbox.storage.journal import Journal

PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
VERSION_HEADER = "Omise-Version"
#: Accepted versions (docs.omise.co/api-versioning), and the one that every response follows.
VERSIONS = {"2014-07-27", "2015-11-17", "2017-11-02", "2019-05-29"}
VERSION = "2019-05-29"

#: Paths that browsers call from a merchant's page.
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
API_HEADERS = f"{JSON_HEADERS}{VERSION_HEADER}: {VERSION}\r\n"
PROCESS_ID = str(uuid4()).rpartition("-")[0]
COUNTER = count(1)
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Response:
    """A whole response, sent in one piece: the interface that aiohttp needs, and no more."""

    __slots__ = ("_closes", "_request", "_sent", "body", "headers", "journal", "status")

    def __init__(self, body: bytes, status: int = 200, headers: str = JSON_HEADERS) -> None:
        self.body = body
        self.status = status
        #: Header lines, each with its line end.
        self.headers = headers
        #: The response leaves once this has written the changes.
        self.journal: Journal | None = None
        self._sent = False
        self._closes = False

    @property
    def keep_alive(self) -> bool:
        """Whether the connection accepts another request."""
        return not self._closes and self._request.keep_alive

    def force_close(self) -> None:
        """Close the connection after this response."""
        self._closes = True

    async def prepare(self, request: BaseRequest) -> None:
        """Called by aiohttp with the request."""
        self._request = request

    async def write_eof(self) -> None:
        """Send the response, once, as soon as the journal is written.

        The task does not wait for that, since waking it up costs as much as writing; except when
        the connection must be closed afterwards.
        """
        if self._sent:
            return
        self._sent = True
        if self.journal is None:
            self._send()
        else:
            self.journal.after_commit(self._send)
            if not self.keep_alive:
                await self.journal.committed()
        await self._request.writer.drain()

    def _send(self) -> None:
        """Ignores a caller who has disconnected."""
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


def json_response(body: object, status: int = 200, headers: str = JSON_HEADERS) -> Response:
    """A JSON response."""
    return Response(orjson.dumps(body, option=PRETTY), status, headers)


def api_response(body: object) -> Response:
    """A response of the API, with the version that it follows."""
    return json_response(body, headers=API_HEADERS)


def error_response(error: ApiError) -> Response:
    """An error in Omise's envelope."""
    return json_response(error.envelope, error.status)


def request_id() -> str:
    """An id in the form of a UUID: one part for the process, one counter."""
    return f"{PROCESS_ID}-{next(COUNTER):012x}"


def check_version(version: str | None) -> None:
    """Raises 400 for a version that never existed (assumed; no source tells)."""
    if version is None or version in VERSIONS:
        return
    raise ApiError("bad_request", f"unknown API version; use one of {', '.join(sorted(VERSIONS))}")


@lru_cache(maxsize=2)
def _http_date(moment: int) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(moment))
