"""Connections: aiohttp's server, with its own errors in Omise's envelope too."""

import asyncio
import logging
from typing import cast

from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import StreamResponse
from aiohttp.web_server import Server as HttpServer

from omise_sandbox.http.responses import error_response
from omise_sandbox.rules.errors import ApiError


class Server(HttpServer):
    """Accepts connections and answers their requests."""

    def __call__(self) -> RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)

    async def end(self, grace: float) -> None:
        """Close idle connections at once, the others after their response or the grace period."""
        await asyncio.sleep(0)  # start what has just arrived
        self.pre_shutdown()
        await self.shutdown(grace)


class Connection(RequestHandler):
    """One connection."""

    __slots__ = ()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """aiohttp does this after each read of a body, at some cost; mostly nothing was paused."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """400 for bytes that are not HTTP; a 500 is a bug of the sandbox and is logged.

        A caller who disconnects in the middle of a request is not an error and gets no response.
        """
        if status >= 500 and not isinstance(exc, ConnectionError):
            logging.getLogger(__name__).error("%s %s", request.method, request.path, exc_info=exc)
            response = error_response(ApiError("internal_error"))
        else:
            response = error_response(ApiError("bad_request", "this is not a valid HTTP request"))
        response.force_close()
        return cast(StreamResponse, response)
