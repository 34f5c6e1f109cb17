"""The checks of every request, in their order, and the headers of every response."""

from flask import Flask

from storefront.settings import Settings
from storefront.web import csrf, headers, proxies, rate_limit
from storefront.web.request_checks import (
    check_host,
    drop_revoked_session,
    redirect_to_public_host,
    reject_card_numbers,
    reject_malformed,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Register the checks in the order in which they run, and the headers."""
    app.config["TRUSTED_HOSTS"] = settings.hosts
    proxies.init_app(app, settings)
    app.before_request(check_host)
    app.before_request(redirect_to_public_host)
    rate_limit.init_app(app, settings)
    app.before_request(reject_malformed)
    csrf.init_app(app)
    app.before_request(drop_revoked_session)
    app.before_request(reject_card_numbers)
    headers.init_app(app)
