"""Checks that every request passes first: its host, card numbers in it, its session."""

from urllib.parse import unquote_plus, urlsplit

from flask import Flask, Response, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import BadRequest, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from storefront.container import services
from storefront.errors import CardNumberRefused
from storefront.fraud.card_numbers import contains_card_number
from storefront.settings import Settings
from storefront.web.admin.session import staff_or_none
from storefront.web.session import LOGIN, reset_session

#: The endpoint of the engine that receives webhooks, which are signed.
WEBHOOK = "omise.webhook"


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


def redirect_to_public_url() -> ResponseReturnValue | None:
    """Lead a shopper from localhost to 127.0.0.1, or back, where PUBLIC_URL is.

    The bank sends them there, and a cookie of the one is not sent to the other.
    """
    settings, public = services().settings, urlsplit(services().settings.public_url)
    asked = urlsplit(f"//{request.host}")
    is_other_name = asked.hostname != public.hostname and asked.port == public.port
    if settings.only_here and is_other_name and request.method == "GET" and is_page():
        return redirect(settings.public_url + request.full_path.removesuffix("?"), 302)
    return None


def is_page() -> bool:
    """Whether a person opens the address, and no monitor or program."""
    return request.blueprint not in {"ops", "omise"}


def reject_card_numbers() -> None:
    """Reject a form or a JSON body with a card number, without logging it.

    Links carry other long numbers, and so do webhooks, which no person types.

    Raises:
        CardNumberRefused: if the body contains a card number.
    """
    if request.endpoint != WEBHOOK and contains_card_number(_body()):
        raise CardNumberRefused


def reject_unreadable_text() -> None:
    """Reject a request with a NUL byte, which PostgreSQL stores in no text, or an unnamed field.

    Raises:
        BadRequest: if it contains one.
    """
    query = unquote_plus(request.query_string.decode("utf-8", "replace"))
    if "\0" in f"{request.path}?{query}\n{_body()}" or None in request.form:
        raise BadRequest


def _body() -> str:
    """The body of the request, with its escapes resolved; empty for a GET."""
    if request.method == "GET":
        return ""
    return unquote_plus(request.get_data(cache=True).decode("utf-8", "replace"))


def drop_revoked_session() -> None:
    """Empty a session whose login is revoked or expired, including the orders it may open."""
    if request.endpoint == "static" or LOGIN not in session:
        return
    if not (current_user.is_authenticated or staff_or_none()):
        reset_session(keep=("language",))
