"""Logging: one line per event, with the id of the request that caused it.

Lines are JSON, or plain text when standard error is a terminal. What may be logged is decided where
it is logged: order numbers, charge ids and codes; never a card, a token, a key, a body, or a path
with its query.
"""

import logging
import secrets
import sys
import time
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

log = structlog.get_logger()


#: The engine logs by the standard library.
ENGINE_LOGGER = "storefront.payments"

#: Requests that a terminal does not show: browsers and monitors send them all the time.
POLLED_ROUTES = ("/orders/<number>/status", "/healthz", "/readyz", "/metrics")

#: What one request is logged with.
REQUEST_FIELDS = ("method", "route", "status", "milliseconds", "request")


#: What the standard library notes of every record; the rest was given by who logs.
OF_EVERY_RECORD = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime"})

#: What turns an event into a line. Loggers keep this list, so it is filled and never replaced.
_PROCESSORS: list[Processor] = []


def configure() -> None:
    """Write the logs of the shop and of the payment engine to standard error."""
    on_terminal = sys.stderr.isatty()
    _PROCESSORS[:] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        *([summarize_request, *text_lines()] if on_terminal else json_lines()),
    ]
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=StandardError,
        cache_logger_on_first_use=True,
    )
    engine = logging.getLogger(ENGINE_LOGGER)
    engine.setLevel(logging.INFO)
    engine.handlers = [EngineHandler()]


def json_lines() -> list[Processor]:
    """One JSON object per event, for programs."""
    return [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        structlog.processors.JSONRenderer(),
    ]


def text_lines() -> list[Processor]:
    """One line of text per event in local time, for a person at a terminal."""
    return [
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(
            pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]


def summarize_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write a request in the usual short form, such as `GET /cart 200 3.1 ms`.

    Raises:
        structlog.DropEvent: if it is a poll that was answered.
    """
    if event["event"] != "request":
        return event
    method, route, status, milliseconds, _ = (event.pop(name) for name in REQUEST_FIELDS)
    if route in POLLED_ROUTES and status < 400:
        raise structlog.DropEvent
    event["event"] = f"{method} {route or '(no route)'} {status} {milliseconds} ms"
    return event


class StandardError:
    """Writes lines to the standard error of the moment, which a test may have replaced."""

    def __init__(self, *_: object) -> None:
        """Take the name of a logger, which is not needed."""

    def msg(self, line: str) -> None:
        """Write one line at once, so that lines of threads do not mix."""
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class EngineHandler(logging.Handler):
    """Writes what the engine logs in the same form as what the shop logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        event: Any = {
            name: value for name, value in vars(record).items() if name not in OF_EVERY_RECORD
        }
        event["event"] = record.getMessage()
        if record.exc_info:
            event["exc_info"] = record.exc_info
        with suppress(structlog.DropEvent):
            for process in _PROCESSORS:
                event = process(None, record.levelname.lower(), event)
            StandardError().msg(event)


def init_app(app: Flask) -> None:
    """Name each request and log how it ended."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    if request.endpoint != "static":
        response.headers["X-Request-Id"] = g.request_id
        log.info(
            "request",
            method=request.method,
            route=request.url_rule and request.url_rule.rule,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
        )
    return response
