"""The proxies in front of the shop: whose word is taken for the address of a shopper."""

import structlog
from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from storefront.settings import Settings

log = structlog.get_logger()


def init_app(app: Flask, settings: Settings) -> None:
    """Trust the configured proxies; notice one that is not configured."""
    if hops := settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    else:
        app.before_request(UnknownProxy().notice)


class UnknownProxy:
    """Notices a proxy that is not configured.

    Behind it every shopper seems to have its address, so that no limit by network works. The
    header alone is no proof, as any client may send it: it is only reported.
    """

    def __init__(self) -> None:
        self._is_logged = False

    def notice(self) -> None:
        """Log it once in each process, and mark the request for /admin."""
        if "X-Forwarded-For" not in request.headers:
            return
        g.has_unknown_proxy = True
        if not self._is_logged:
            self._is_logged = True
            log.warning("proxy_not_configured", fix="set PROXY_HOPS to the number of your proxies")
