"""Turns errors into pages, or into JSON for programs."""

from functools import partial

import structlog
from flask import (
    Flask,
    Response,
    after_this_request,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from storefront.errors import LoginRequired, StorefrontError, TooManyAttempts
from storefront.payments.database import UNAVAILABLE, is_unavailable
from storefront.payments.errors import PaymentError
from storefront.web.error_pages import NO_SESSION, error_message, error_page, error_response
from storefront.web.language import translate
from storefront.web.responses import wants_json

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Register the handlers of all errors."""
    app.register_error_handler(LoginRequired, redirect_to_login)
    app.register_error_handler(TooManyAttempts, handle_too_many_attempts)
    app.register_error_handler(StorefrontError, handle_storefront_error)
    app.register_error_handler(PaymentError, handle_storefront_error)
    app.register_error_handler(HTTPException, handle_http_error)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, handle_database_error)
    app.register_error_handler(Exception, handle_unexpected)


def redirect_to_login(error: LoginRequired) -> ResponseReturnValue:
    """Redirect a page to the login; answer programs and forms with the error."""
    if wants_json() or request.method != "GET":
        return handle_storefront_error(error)
    return redirect(url_for("accounts.login", next=request.path), 303)


def handle_too_many_attempts(error: TooManyAttempts) -> ResponseReturnValue:
    """Show the error, and send how long to wait."""
    send_retry_after(error)
    return handle_storefront_error(error)


def handle_storefront_error(error: StorefrontError | PaymentError) -> ResponseReturnValue:
    """Show an error of the shop or of the payment engine."""
    return _response(error, error_page(error).status)


def handle_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show an HTTP error."""
    status = error.code or 500
    if isinstance(error, SecurityError):  # no URL of a page can be built with an unknown host
        return Response("Unknown host.\n", status, mimetype="text/plain")
    return _response(error, status)


def handle_unexpected(error: Exception) -> ResponseReturnValue:
    """Log an unexpected error with its traceback, and show a general message."""
    log.error("unexpected_error", exc_info=error)
    return _response(error, 500)


def handle_database_error(error: Exception) -> ResponseReturnValue:
    """Log an error of the database, and ask to try again later."""
    if not is_unavailable(error):
        return handle_unexpected(error)
    log.error("database_unavailable", exc_info=error)
    return _response(error, error_page(error).status)


def send_retry_after(error: TooManyAttempts) -> None:
    """Add the header Retry-After to the response of this request."""
    after_this_request(partial(_add_retry_after, error.seconds))


def _add_retry_after(seconds: int, response: Response) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


def _response(error: Exception, status: int) -> ResponseReturnValue:
    if wants_json():
        response = error_response(error)
        response.status_code = status
        return response
    title, message = translate(error_page(error).title), error_message(error)
    if isinstance(error, CSRFError) and not request.cookies:
        title, message = (translate(part) for part in NO_SESSION)
    return render_template(
        "errors/error.html",
        title=title,
        message=message,
        status=status,
        request_id=g.get("request_id", ""),
        action=_way_back(),
    ), status


def _way_back() -> dict[str, str]:
    """Where the button of an error page leads: errors of the checkout lead back to it."""
    if request.blueprint == "checkout":
        return {"label": gettext("Back to checkout"), "url": url_for("checkout.show")}
    return {"label": gettext("Back to the shop"), "url": url_for("catalogue.index")}
