"""A request: what was sent, and the way back to the caller."""

from typing import Protocol
from urllib.parse import unquote, urlsplit

from omise_sandbox.http.responses import Response
from omise_sandbox.rules.errors import ApiError


class Caller(Protocol):
    """The connection that a request came from."""

    @property
    def remote(self) -> str | None:
        """IP address of the caller."""

    @property
    def local(self) -> str:
        """Address and port that were called."""

    def respond(self, request: "Request", response: Response) -> None:
        """Send the response to the request."""

    def cut(self) -> None:
        """Close at once, without a response."""


class Request:
    """A request. It is answered once its body is whole, or once it cannot become so."""

    __slots__ = ("_caller", "body", "error", "headers", "keep_alive", "method", "path", "query")

    def __init__(
        self, caller: Caller, method: str, target: str, headers: dict[str, str], *, keep_alive: bool
    ) -> None:
        self._caller = caller
        self.method = method
        #: The path is decoded, the query is not.
        self.path, self.query = split_target(target)
        #: By name in lower case; of several with one name the first counts.
        self.headers = headers
        self.body = b""
        #: Why the body is not whole.
        self.error: ApiError | None = None
        #: Whether the connection takes another request after this one.
        self.keep_alive = keep_alive

    @property
    def host(self) -> str:
        """The host that was called, with its port; HTTP/1.0 may leave the header out."""
        return self.headers.get("host") or self._caller.local

    @property
    def remote(self) -> str | None:
        """The IP address of the caller."""
        return self._caller.remote

    def respond(self, response: Response) -> None:
        """Send the response, unless the caller has disconnected."""
        self._caller.respond(self, response)

    def cut(self) -> None:
        """Cut the connection: the caller gets no response."""
        self._caller.cut()


def split_target(target: str) -> tuple[str, str]:
    """The decoded path and the query of what stands in the request line."""
    if target.startswith("/") and "?" not in target and "%" not in target and "#" not in target:
        return target, ""
    try:
        parts = urlsplit(target)
    except ValueError:  # not an address; no route has it
        return target, ""
    return unquote(parts.path), parts.query
