"""Checks that every request passes first: its host, card numbers in it, its session."""

from urllib.parse import unquote_plus

from flask import Flask, Response, request, session
from flask_login import current_user
from werkzeug.exceptions import BadRequest, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from storefront.errors import CardNumberRefused
from storefront.fraud.card_numbers import contains_card_number
from storefront.settings import Settings
from storefront.web.admin.session import staff_or_none
from storefront.web.session import LOGIN, reset_session


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Trust our own proxies about the client's address, and accept our own host names only."""
    if hops := settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.config["TRUSTED_HOSTS"] = settings.hosts


def check_host() -> Response | None:
    """Reject a forged Host header before anything else; no URL of a page could be built with it."""
    if isinstance(request.routing_exception, SecurityError):
        return Response("This shop has another host name.\n", 400, mimetype="text/plain")
    return None


def reject_card_numbers() -> None:
    """Reject a request with a card number, a NUL byte or an unnamed field, without logging it.

    PostgreSQL stores no NUL in text.

    Raises:
        CardNumberRefused: if the path, the query or the body contains a card number.
        BadRequest: if one of them contains a NUL byte, or a form has a field without a name.
    """
    query = request.query_string.decode("utf-8", "replace")
    content = f"{request.path}?{unquote_plus(query)}"
    if request.method != "GET":
        content += "\n" + unquote_plus(request.get_data(cache=True).decode("utf-8", "replace"))
    if contains_card_number(content):
        raise CardNumberRefused
    if "\0" in content or None in request.form:
        raise BadRequest


def drop_revoked_session() -> None:
    """Empty a session whose login is revoked or expired, including the orders it may open."""
    if request.endpoint == "static" or LOGIN not in session:
        return
    if not (current_user.is_authenticated or staff_or_none()):
        reset_session(keep=("language",))
