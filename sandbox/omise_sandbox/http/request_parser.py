"""Parses the bytes of a connection into requests, with httptools (HTTP/1.1)."""

from typing import Protocol

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from omise_sandbox.http.request import Caller, Request
from omise_sandbox.rules.errors import ApiError

MAX_HEAD = 64 * 1024
MAX_TARGET = 8 * 1024
MAX_BODY = 1024 * 1024


class Receiver(Caller, Protocol):
    """The connection whose bytes are parsed."""

    def proceed(self) -> None:
        """Tell a caller who asks first that the body is welcome."""

    def take(self, request: Request) -> None:
        """Answer this request, after those before it."""


class RequestParser:
    """Hands each request over once its body is whole, or is known not to become so."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._parser = HttpRequestParser(self)
        #: Whether a request has begun and is not whole.
        self.is_unfinished = False
        self._target = b""
        self._lines: list[tuple[bytes, bytes]] = []
        #: What has arrived of a head after the read in which it began.
        self._head_size = 0
        self._has_begun = False
        self._is_upgrade = False
        #: The request whose body is arriving, and the body so far.
        self._arriving: Request | None = None
        self._parts: list[bytes] = []
        self._body_size = 0

    def feed(self, data: bytes) -> None:
        """Parse what has arrived. Raises 400 `bad_request` for bytes that are not HTTP."""
        self._has_begun = False
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self._decline_upgrade(data[upgrade.args[0] :])
        except HttpParserCallbackError:
            raise
        except HttpParserError as error:
            raise _not_http() from error
        if self.is_unfinished and self._arriving is None and not self._has_begun:
            self._head_size += len(data)
            if self._head_size > MAX_HEAD:
                raise _not_http()

    def give_up(self, error: ApiError) -> None:
        """Hand the request over without the rest of its body. Raises the error without a head."""
        if self._arriving is None:
            raise error
        self._arriving.error = error
        self._arriving.keep_alive = False
        self._hand_over(self._arriving)

    def on_message_begin(self) -> None:
        """A request begins."""
        self.is_unfinished = self._has_begun = True
        self._target, self._lines, self._head_size = b"", [], 0

    def on_url(self, part: bytes) -> None:
        """The target, or a part of it."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those that follow a body in chunks do not count."""
        if self._arriving is None:
            self._lines.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        method = self._parser.get_method().decode()
        is_tunnel = method == "CONNECT"
        self._is_upgrade = self._parser.should_upgrade() and not is_tunnel
        if self._is_upgrade:
            return
        target, keep_alive = self._target.decode("latin-1"), self._parser.should_keep_alive()
        headers: dict[str, str] = {}
        for name, value in self._lines:
            headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
        self._parts, self._body_size = [], 0
        self._arriving = Request(
            self._receiver, method, target, headers, keep_alive=keep_alive and not is_tunnel
        )
        if len(target) > MAX_TARGET:
            self.give_up(_not_http())
        elif int(headers.get("content-length", "0")) > MAX_BODY:
            self.give_up(ApiError("payload_too_large"))
        elif headers.get("expect", "").lower() == "100-continue":
            self._receiver.proceed()

    def on_body(self, part: bytes) -> None:
        """A part of the body."""
        if self._arriving is None:
            return
        self._parts.append(part)
        self._body_size += len(part)
        if self._body_size > MAX_BODY:
            self.give_up(ApiError("payload_too_large"))

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._arriving is not None:
            self._hand_over(self._arriving)

    def _hand_over(self, request: Request) -> None:
        request.body = b"".join(self._parts)
        self._arriving, self.is_unfinished = None, False
        self._receiver.take(request)

    def _decline_upgrade(self, rest: bytes) -> None:
        """Answer in HTTP/1.1 (RFC 9110, 7.8), as java.net.http needs it.

        The parser takes what follows the head for another protocol, so another one gets the head
        again without the wish.
        """
        if not self._is_upgrade:
            return
        kept = [line for line in self._lines if line[0].lower() != b"upgrade"]
        line = b"%b %b HTTP/1.1" % (self._parser.get_method(), self._target)
        head = b"\r\n".join([line, *(b"%b: %b" % each for each in kept)])
        self._parser = HttpRequestParser(self)
        self.feed(head + b"\r\n\r\n" + rest)


def _not_http() -> ApiError:
    return ApiError("bad_request", "this is not a valid HTTP request")
