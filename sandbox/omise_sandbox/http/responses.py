"""HTTP responses: indented JSON with the headers of the recordings."""

import time
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from uuid import uuid4

import orjson

from omise_sandbox.rules.errors import ApiError

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
#: The status of a response that has no body, and no length either (RFC 9110, 8.6).
NO_CONTENT = 204


class Response:
    """A whole response, sent in one piece."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, body: bytes, status: int = 200, headers: str = JSON_HEADERS) -> None:
        self.body = body
        self.status = status
        #: Header lines, each with its line end.
        self.headers = headers

    def encode(self, method: str, *, keep_alive: bool) -> bytes:
        """The bytes of the response to a request with this method."""
        line = STATUS_LINES.get(self.status, f"{self.status} Unknown")
        connection = "keep-alive" if keep_alive else "close"
        length = f"Content-Length: {len(self.body)}\r\n" if self.status != NO_CONTENT else ""
        head = (
            f"HTTP/1.1 {line}\r\n{self.headers}X-Request-Id: {request_id()}\r\n"
            f"{length}Date: {_http_date(int(time.time()))}\r\n"
            f"Server: omise-sandbox\r\nConnection: {connection}\r\n\r\n"
        ).encode("latin-1", "replace")
        return head if method == "HEAD" else head + self.body


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
