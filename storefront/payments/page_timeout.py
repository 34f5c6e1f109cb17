"""Lets no page of the host wait for Omise longer than a shopper waits for a page."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .omise import at_most
from .resolution import PAGE_TIMEOUT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def limit_pages(wsgi_app: "WSGIApplication") -> "WSGIApplication":
    """The same app, with one budget for all the GETs of a request (omise/budget.py)."""

    def limited(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with at_most(PAGE_TIMEOUT.total_seconds()):
            return wsgi_app(environ, start_response)

    return limited
