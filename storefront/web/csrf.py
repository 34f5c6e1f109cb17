"""CSRF protection of every POST, by token or by the browser's word."""

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

#: Endpoints without CSRF protection: the bank's return only redirects, webhooks are signed, and
#: browsers send CSP reports by themselves.
EXEMPT = frozenset({"omise.handle_return", "omise.webhook", "ops.csp_report"})

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Check the requests of the app; call it where the check belongs among the others."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # `check_csrf` decides
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a slow checkout is not an attack
    csrf.init_app(app)
    app.before_request(check_csrf)


def check_csrf() -> None:
    """Reject requests that another site made the browser send.

    A form carries the token, and a program sends it in X-CSRFToken. JSON from one of our own pages
    needs none: another site can neither send JSON without a preflight nor forge Sec-Fetch-Site.

    Raises:
        CSRFError: if the token is missing or wrong.
    """
    if request.endpoint in EXEMPT or request.endpoint is None:
        return
    if request.is_json and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return
    csrf.protect()
