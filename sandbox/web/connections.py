"""Connections: aiohttp's server, whose own refusals come in Omise's envelope too."""

import logging
from typing import cast

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from sandbox.errors import Refusal
from sandbox.web.replies import refusal_reply


class Server(web.Server):
    """Takes connections, and has each request answered."""

    def __call__(self) -> RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)


class Connection(RequestHandler):
    """One connection."""

    __slots__ = ()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """aiohttp does this after each read of a body, at some cost; mostly nothing was paused."""
        if self._reading_paused:
            super().resume_reading(resume_parser)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """400 for bytes that are no HTTP; a 500 is a fault of ours and goes to the error log.

        A caller who hangs up in the middle of a request is no fault, and gets no answer.
        """
        if status >= 500 and not isinstance(exc, ConnectionError):
            logging.getLogger(__name__).error("%s %s", request.method, request.path, exc_info=exc)
            response = refusal_reply(Refusal("internal_error"))
        else:
            response = refusal_reply(Refusal("bad_request", "this is not a valid HTTP request"))
        response.force_close()
        return cast(web.StreamResponse, response)
