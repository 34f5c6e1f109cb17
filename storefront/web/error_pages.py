"""Errors become pages, or JSON for programs, here and nowhere else."""

from typing import NamedTuple

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from storefront.errors import LoginRequired, StorefrontError, TooManyTries
from storefront.payments.i18n import say
from storefront.web.language import error_message, translate
from storefront.web.responses import error_json, wants_json

log = structlog.get_logger()


class Said(NamedTuple):
    """What a shopper is told about an HTTP error."""

    code: str
    title: str
    message: str


SAID = {
    400: Said("bad_request", say("Bad request"), say("The request could not be read.")),
    404: Said(
        "not_found",
        say("Page not found"),
        say("This page does not exist. It may have been moved or deleted."),
    ),
    405: Said(
        "method_not_allowed", say("Action not allowed"), say("Please go back and try again.")
    ),
    413: Said(
        "too_large", say("Request too large"), say("The request is larger than the maximum size.")
    ),
    429: Said("too_many_requests", say("Too many requests"), say("Wait a minute, then try again.")),
    415: Said(
        "unsupported_type",
        say("Unsupported content type"),
        say("This content type is not supported."),
    ),
}
OUT_OF_DATE = Said(
    "csrf",
    say("Your session has expired"),
    say("Go back, reload the page and try again. You have not been charged."),
)
OTHERWISE = Said("refused", say("Request failed"), say("Please go back and try again."))
OURS = Said(
    "server_error",
    say("Something went wrong"),
    say("We've been notified. If you were paying, do not pay again: check your order first."),
)


def init_app(app: Flask) -> None:
    """Let the app explain its errors."""
    app.register_error_handler(LoginRequired, to_login)
    app.register_error_handler(StorefrontError, said_no)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, bug)


def to_login(error: LoginRequired) -> ResponseReturnValue:
    """People are sent to log in and come back; programs are told."""
    if wants_json() or request.method != "GET":
        return said_no(error)
    return redirect(url_for("accounts.login", next=request.path), 303)


def said_no(error: StorefrontError) -> ResponseReturnValue:
    """The shop said no, on purpose."""
    answer = make_response(
        _answer(Said(error.code, error.title, error_message(error)), error.status)
    )
    if isinstance(error, TooManyTries):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def http_error(error: HTTPException) -> ResponseReturnValue:
    """A request that did not get as far as the shop."""
    status = error.code or 500
    if isinstance(error, SecurityError):  # under a name that is not ours no address can be built
        return Response("Unknown host.\n", status, mimetype="text/plain")
    if isinstance(error, CSRFError):
        return _answer(OUT_OF_DATE, status)
    return _answer(SAID.get(status, OURS if status >= 500 else OTHERWISE), status)


def bug(error: Exception) -> ResponseReturnValue:
    """Our own fault: logged whole, shown in general words."""
    log.error("bug", exc_info=error)
    return _answer(OURS, 500)


def _answer(said: Said, status: int) -> ResponseReturnValue:
    if wants_json():
        return error_json(translate(said.message), said.code, status)
    return render_template(
        "errors/error.html",
        title=translate(said.title),
        message=translate(said.message),
        status=status,
        request_id=g.get("request_id", ""),
        action={"label": gettext("Back to the shop"), "url": url_for("catalogue.index")},
    ), status
