"""Logging: one JSON line per event, with the id of the request that caused it.

What may be logged is decided where it is logged: order numbers, charge ids and codes; never a card,
a token, a key, a body, or a path with its query.
"""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def configure() -> None:
    """Let structlog write JSON to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )


def init_app(app: Flask) -> None:
    """Give each request an id, and log its result."""
    app.before_request(start_request)
    app.after_request(log_request)


def start_request() -> None:
    """Create the request id and bind it to the log."""
    g.request_id = secrets.token_hex(8)
    g.started_at = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def log_request(response: Response) -> Response:
    """Log the route and the status, and send the request id along."""
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint != "static":
        log.info(
            "request",
            method=request.method,
            route=request.url_rule and request.url_rule.rule,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.started_at) * 1000, 1),
        )
    return response
