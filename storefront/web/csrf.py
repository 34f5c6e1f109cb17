"""CSRF protection of every POST, by token or by the browser's word."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

#: Endpoints to which no person sends a form, and so without CSRF protection: the bank's return only
#: redirects, webhooks are signed, and browsers send CSP reports by themselves.
EXEMPT = frozenset({"omise.handle_return", "omise.webhook", "ops.csp_report"})

#: Blueprints with nothing personal in their pages.
PUBLIC_BLUEPRINTS = frozenset({"catalogue", "information"})

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Check the requests of the app; call it where the check belongs among the others."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # `check_csrf` decides
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a slow checkout is not an attack
    app.config["WTF_CSRF_SSL_STRICT"] = False  # privacy tools remove Referer; the token is enough
    csrf.init_app(app)
    app.context_processor(lambda: {"csrf_token": csrf_token})  # instead of that of Flask-WTF
    app.before_request(check_csrf)


def check_csrf() -> None:
    """Reject requests that another site made the browser send.

    A form carries the token, and a program sends it in X-CSRFToken. No other proof is needed, such
    as a Referer. A request that the browser itself says comes from one of our own pages needs no
    token: no other site can forge Sec-Fetch-Site or Origin.

    Raises:
        CSRFError: if the token is missing or wrong.
    """
    if request.endpoint in EXEMPT or request.endpoint is None:
        return
    if not is_same_origin():
        csrf.protect()


def csrf_token() -> str:
    """The token for the forms of this page; it starts a session only where one is needed.

    Public pages start none: they can be cached, and the browser's word replaces the token. Nor do
    pages for a form of another site: their cookie would replace the session of the browser, which
    comes without its cookies.
    """
    is_public = request.blueprint in PUBLIC_BLUEPRINTS or request.endpoint is None
    if not session and (is_public or is_foreign()):
        return ""
    return str(generate_csrf())


def is_foreign() -> bool:
    """Whether the browser says that another site sent this form."""
    proofs = {"Sec-Fetch-Site", "Origin"} & {name for name, _ in request.headers}
    return request.method == "POST" and bool(proofs) and not is_same_origin()


def is_same_origin() -> bool:
    """Whether the browser says that one of our own pages sent this request."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    public = urlsplit(current_app.config["PUBLIC_URL"])
    return origin in {request.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}"}
