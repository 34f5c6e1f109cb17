"""Connections: HTTP/1.1 on asyncio's own protocol.

The servers of aiohttp and of uvicorn take longer to import than a sandbox may take to start.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import cast

from omise_sandbox.http.request import Request
from omise_sandbox.http.request_parser import RequestParser
from omise_sandbox.http.responses import Response, error_response
from omise_sandbox.rules.errors import ApiError

#: Requests of one connection that wait for their turn before no more are read.
MAX_WAITING = 16
#: Seconds from the first byte of a request to its last.
READ_SECONDS = 10
#: Seconds in which a caller who still sends can read why the rest is not wanted.
LINGER_SECONDS = 1.0

Handler = Callable[[Request], Awaitable[None]]


class Server:
    """Accepts connections; `handler` answers their requests with `Request.respond`."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self._connections: set[Connection] = set()

    def __call__(self) -> "Connection":
        return Connection(self)

    def add(self, connection: "Connection") -> None:
        """A caller has connected."""
        self._connections.add(connection)

    def remove(self, connection: "Connection") -> None:
        """The connection is closed."""
        self._connections.discard(connection)

    async def end(self, grace: float) -> None:
        """Close idle connections at once, the others after their response or the grace period."""
        await asyncio.sleep(0)  # start what has just arrived
        for connection in list(self._connections):
            connection.end()
        if closing := [connection.closed for connection in self._connections]:
            await asyncio.wait(closing, timeout=grace)
        for connection in list(self._connections):
            connection.cut()


class Connection(asyncio.Protocol):
    """One connection: its requests are answered one after another, in their order."""

    _transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        #: IP address of the caller, and address and port that the caller uses.
        self.remote: str | None = None
        self.local = ""
        self._server = server
        self._loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self._parser = RequestParser(self)
        self._deadline: asyncio.TimerHandle | None = None
        self._waiting: deque[Request] = deque()
        #: The request that is being answered.
        self._current: Request | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_writable = True
        #: Nothing more is read; the connection closes after the last response.
        self._is_ending = False
        self._is_finished = False
        #: What was wrong with bytes that are no request.
        self._refusal: ApiError | None = None
        #: Whether the caller may still be sending when the connection closes.
        self._lingers = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A caller has connected."""
        self._transport = cast(asyncio.Transport, transport)
        self.remote, *_ = transport.get_extra_info("peername") or (None,)
        host, port, *_ = transport.get_extra_info("sockname")
        self.local = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._server.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed. What is being answered goes on unheard."""
        self._is_ending = self._is_finished = True
        self._waiting.clear()
        self._stop_deadline()
        self._server.remove(self)
        self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        if self._is_ending:
            return
        try:
            self._parser.feed(data)
        except ApiError as error:
            self._refuse(error)
        if self._parser.is_unfinished and self._deadline is None and not self._is_ending:
            self._start_deadline()

    def eof_received(self) -> bool:
        """The caller sends no more, but may still read: true while a response is due.

        TLS knows no half-closed connection.
        """
        self.end()
        return not self._is_finished and self._transport.can_write_eof()

    def pause_writing(self) -> None:
        """The caller does not read its responses, so it gets no further ones."""
        self._is_writable = False

    def resume_writing(self) -> None:
        """The caller reads again."""
        self._is_writable = True
        self._answer_next()

    def proceed(self) -> None:
        """Tell a caller who asks first that the body is welcome."""
        if self._current is None and not self._waiting:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def take(self, request: Request) -> None:
        """Answer this request, after those before it."""
        self._stop_deadline()
        if self._is_ending:
            return
        self._is_ending = not request.keep_alive
        self._lingers = request.error is not None
        self._waiting.append(request)
        if len(self._waiting) == MAX_WAITING:
            self._transport.pause_reading()
        self._answer_next()

    def respond(self, request: Request, response: Response) -> None:
        """Send the response to the request that is being answered, then answer the next one."""
        if request is not self._current:
            return
        self._current = None
        if not self._transport.is_closing():
            self._transport.write(response.encode(request.method, keep_alive=request.keep_alive))
        self._answer_next()

    def cut(self) -> None:
        """Close at once."""
        self._transport.abort()

    def end(self) -> None:
        """Read nothing more, and close after the last response."""
        self._is_ending = True
        self._answer_next()

    def _answer_next(self) -> None:
        if self._current is not None or not self._is_writable or self._transport.is_closing():
            return
        if self._waiting:
            if len(self._waiting) == MAX_WAITING:
                self._transport.resume_reading()
            self._current = self._waiting.popleft()
            self._task = self._loop.create_task(self._answer(self._current))
        elif self._is_ending and not self._is_finished:
            self._finish()

    async def _answer(self, request: Request) -> None:
        """Have the request answered; what the handler raises is a defect of the sandbox."""
        try:
            await self._server.handler(request)
        except Exception:
            logging.getLogger(__name__).exception("%s %s", request.method, request.path)
            self.respond(request, error_response(ApiError("internal_error")))

    def _refuse(self, error: ApiError) -> None:
        if not self._is_ending:
            self._refusal, self._lingers = error, True
            self.end()

    def _finish(self) -> None:
        self._is_finished = True
        if self._refusal:
            self._transport.write(error_response(self._refusal).encode("", keep_alive=False))
        if not self._lingers:
            self._transport.close()
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._loop.call_later(LINGER_SECONDS, self._transport.close)

    def _start_deadline(self) -> None:
        self._deadline = self._loop.call_later(READ_SECONDS, self._on_deadline)

    def _on_deadline(self) -> None:
        """The rest of a request has not come; unless it had to wait for its turn to be read."""
        if self._current is not None or self._waiting:
            self._start_deadline()
            return
        self._deadline = None
        try:
            self._parser.give_up(ApiError("request_timeout"))
        except ApiError as error:
            self._refuse(error)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
