"""Forwards an event to a local shop as a signed webhook, and describes the response."""

import json
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from omise_sandbox.webhooks.signature import signed_headers

TIMEOUT = 10


class NoRedirects(HTTPRedirectHandler):
    """A webhook does not follow redirects."""

    def redirect_request(self, *_: object) -> None:
        """Nothing to follow: the redirect is the response."""


#: The shop is local, so no proxy is asked.
OPENER = build_opener(ProxyHandler({}), NoRedirects())


def forward(event: dict[str, Any], url: str, secret: str | None) -> str:
    """Post the event; returns the response in one line, such as `204 in 12 ms`."""
    content = json.dumps({**event, "webhook_deliveries": []}, indent=2, ensure_ascii=False)
    body = f"{content}\n".encode()
    headers = signed_headers(body, secret, int(time.time()))
    request = Request(url, body, headers, method="POST")  # noqa: S310 - http or https, checked
    started = time.perf_counter()
    try:
        with OPENER.open(request, timeout=TIMEOUT) as response:
            status = str(response.status)
    except HTTPError as error:
        status = str(error.code)
    except (URLError, OSError) as error:
        status = f"no response ({error})"
    return f"{status} in {round((time.perf_counter() - started) * 1000)} ms"


def describe(event: dict[str, Any]) -> str:
    """The event in one line: its key, its object and its id."""
    return f"{event['key']} {event['data'].get('id', '')} ({event['id']})"
