"""Checks that every request passes first: its host, card numbers in it, its session."""

from urllib.parse import unquote_plus, urlsplit

from flask import Response, current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import BadRequest, SecurityError

from storefront.errors import CardNumberRefused
from storefront.fraud.card_numbers import contains_card_number
from storefront.web.admin.session import staff_or_none
from storefront.web.cookie_check import has_session_cookie
from storefront.web.csrf import EXEMPT
from storefront.web.session import LOGIN, reset_session

#: The endpoint that only programs send to; a signed event is never refused.
WEBHOOK = "omise.webhook"

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_host() -> Response | None:
    """Reject a forged Host header before anything else; no URL of a page could be built with it."""
    if isinstance(request.routing_exception, SecurityError):
        return Response("This shop has another host name.\n", 400, mimetype="text/plain")
    return None


def redirect_to_public_host() -> ResponseReturnValue | None:
    """Redirect a page to the host of PUBLIC_URL, where the bank sends the shopper back to.

    The session of another host would be missing there. Checks of this machine by a loopback name
    are answered, unless the shop itself has one, and so are other ports: a container maps them.
    """
    if request.method not in {"GET", "HEAD"} or request.blueprint in {None, "ops"}:
        return None
    here, public = urlsplit(request.host_url), urlsplit(current_app.config["PUBLIC_URL"])
    is_other = here.hostname != public.hostname and here.port == public.port
    is_check = here.hostname in LOOPBACK and public.hostname not in LOOPBACK
    if not is_other or is_check:
        return None
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return redirect(f"{public.scheme}://{public.netloc}{request.path}{query}")


def reject_malformed() -> None:
    """Reject a request with a NUL byte or an unnamed field; PostgreSQL stores no NUL in text.

    The body of a webhook is no form, so that `%00` in it is no NUL byte; of it only ids are stored.

    Raises:
        BadRequest: if the path, the query or the body contains a NUL byte, or a form has a field
            without a name.
    """
    if request.endpoint == WEBHOOK:
        return
    query = unquote_plus(request.query_string.decode("utf-8", "replace"))
    if "\0" in f"{request.path}{query}{_body()}" or None in request.form:
        raise BadRequest


def reject_card_numbers() -> None:
    """Reject a form or a JSON call with a card number, without logging it.

    Only what a person can type is searched: URLs carry ids of adverts, and what machines send, as
    signed webhooks, carries numbers of all kinds.

    Raises:
        CardNumberRefused: if the body contains a card number.
    """
    if request.endpoint not in EXEMPT and contains_card_number(_body()):
        fields = request.form.items()
        raise CardNumberRefused(next((n for n, text in fields if contains_card_number(text)), None))


def _body() -> str:
    """The body of a request that has one, decoded as a form."""
    if request.method == "GET":
        return ""
    return unquote_plus(request.get_data(cache=True).decode("utf-8", "replace"))


def drop_revoked_session() -> None:
    """Empty a session whose login is revoked or expired, including the orders it may open."""
    if request.endpoint == "static" or not has_session_cookie() or LOGIN not in session:
        return
    if not (current_user.is_authenticated or staff_or_none()):
        reset_session(keep=("language",))
