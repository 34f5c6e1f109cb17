"""The table of errors: what a client is told about each of them, and nowhere else."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    TooManyRequests,
    UnsupportedMediaType,
)

from storefront import errors
from storefront.payments import errors as payments
from storefront.payments.database import UNAVAILABLE, is_unavailable
from storefront.payments.i18n import Message
from storefront.payments.i18n import gettext_noop as _
from storefront.web import error_texts as texts
from storefront.web.language import translate
from storefront.web.responses import error_json


class ErrorPage(NamedTuple):
    """What a client is told about an error."""

    status: int
    #: For programs.
    code: str
    title: Message
    #: For people: a message, or how to build messages from the error.
    message: Message | Callable[[Any], Iterable[str]]


SERVER_ERROR = ErrorPage(
    500,
    "server_error",
    _("Something went wrong"),
    _("We've been notified. If you were paying, do not pay again: check your order first."),
)

CSRF_EXPIRED = ErrorPage(
    400,
    "csrf",
    _("Your session has expired"),
    _("Go back, reload the page and try again. You have not been charged."),
)

#: Title and message for people whose form came without any cookie.
NO_SESSION = (
    _("Your session has ended, or your browser blocks cookies"),
    _(
        "Open the page again. If that does not help, allow cookies for this site. You have not "
        "been charged."
    ),
)

DATABASE_UNAVAILABLE = ErrorPage(
    503,
    "database_unavailable",
    _("Temporarily unavailable"),
    _(
        "We cannot record changes at the moment. Please try again soon. If you were paying, do not "
        "pay again: check your order first."
    ),
)

CHECK_DETAILS = _("Check the details below")

#: An error is looked up by its class, then by its base classes.
ERROR_PAGES: dict[type[Exception], ErrorPage] = {
    # The shop
    errors.UnknownProduct: ErrorPage(
        404,
        "unknown_product",
        _("Product not found"),
        _("This product does not exist or is no longer available."),
    ),
    errors.UnknownOrder: ErrorPage(
        404,
        "unknown_order",
        _("Order not found"),
        _(
            "We could not find this order. Check the link, or log in to the account you ordered "
            "with."
        ),
    ),
    errors.EmptyCart: ErrorPage(
        409,
        "empty_cart",
        _("Your cart is empty"),
        _("Add an item to your cart before you check out. You have not been charged."),
    ),
    errors.CartChanged: ErrorPage(
        409,
        "cart_changed",
        _("Your cart has changed"),
        _("Your cart has changed since you opened this page. You have not been charged."),
    ),
    errors.AmountChanged: ErrorPage(
        409,
        "amount_changed",
        _("The total has changed"),
        _("The total has changed. Check it before you pay. You have not been charged."),
    ),
    errors.InvalidForm: ErrorPage(422, "invalid_form", _("Check your details"), texts.invalid_form),
    errors.CardNumberRefused: ErrorPage(
        400,
        "card_number_refused",
        _("Card numbers are not accepted here"),
        _(
            "Your request contains what looks like a card number. Enter card details only in the "
            "card fields at checkout, which send them straight to Omise. We have not stored "
            "anything."
        ),
    ),
    errors.CookiesBlocked: ErrorPage(
        400,
        "cookies_blocked",
        _("Your browser blocks cookies"),
        _(
            "We need them for your cart and your payment. Allow cookies for this site, then add "
            "your items again. You have not been charged."
        ),
    ),
    errors.LinkExpired: ErrorPage(
        410,
        "link_expired",
        _("This link no longer works"),
        _("It is too old, or was used already. Ask for a new one on the page where you log in."),
    ),
    errors.LoginRequired: ErrorPage(
        401,
        "login_required",
        _("Please log in"),
        _("Log in to see your orders and saved cards."),
    ),
    errors.StaffOnly: ErrorPage(
        401, "staff_only", _("Please log in"), _("This page is for staff only.")
    ),
    errors.RoleRequired: ErrorPage(
        403, "role_required", _("Not allowed"), _("Your role does not allow this.")
    ),
    errors.TooManyAttempts: ErrorPage(
        429, "too_many_attempts", _("Too many attempts"), texts.too_many_attempts
    ),
    errors.PaymentsUnderWay: ErrorPage(
        429,
        "payments_under_way",
        _("Other payments are in progress"),
        _(
            "Other payments are still being processed. You have not been charged. Try again in a "
            "few seconds."
        ),
    ),
    errors.OutOfStock: ErrorPage(409, "out_of_stock", _("Sold out"), texts.out_of_stock),
    errors.StockOnHold: ErrorPage(
        409, "stock_on_hold", _("Reserved for other orders"), texts.stock_on_hold
    ),
    errors.StockAtTheBank: ErrorPage(
        409, "stock_on_hold", _("Reserved for other orders"), texts.stock_at_the_bank
    ),
    errors.TooManyUnpaidOrders: ErrorPage(
        429,
        "too_many_unpaid_orders",
        _("Too many unpaid orders"),
        _(
            "You have several orders that are not paid yet. Pay for one of them, or try again in "
            "30 minutes. You have not been charged."
        ),
    ),
    # The payment engine, which has a message for each
    payments.PaymentError: ErrorPage(409, "payment_error", _("Request failed"), texts.own_message),
    payments.AmountOutOfRange: ErrorPage(
        422, "amount_out_of_range", _("This total cannot be paid by card"), texts.own_message
    ),
    payments.CardNotFound: ErrorPage(404, "unknown_card", _("Card not found"), texts.own_message),
    payments.CardNotSaved: ErrorPage(422, "card_not_saved", _("Card not saved"), texts.own_message),
    payments.DatabaseUnavailable: ErrorPage(
        503, "database_unavailable", _("Temporarily unavailable"), texts.own_message
    ),
    payments.ContactIncomplete: ErrorPage(422, "invalid_form", CHECK_DETAILS, texts.own_message),
    payments.MethodNotOffered: ErrorPage(422, "invalid_form", CHECK_DETAILS, texts.own_message),
    payments.MethodOptionMissing: ErrorPage(422, "invalid_form", CHECK_DETAILS, texts.own_message),
    payments.OperationAmountInvalid: ErrorPage(
        422, "invalid_form", CHECK_DETAILS, texts.own_message
    ),
    payments.OperationInProgress: ErrorPage(
        409, "operation_in_progress", _("Another operation is in progress"), texts.own_message
    ),
    payments.OperationNotAllowed: ErrorPage(
        409, "operation_not_allowed", _("Operation not allowed"), texts.own_message
    ),
    payments.OtherAccount: ErrorPage(
        409, "other_account", _("Operation not allowed"), texts.own_message
    ),
    payments.PaymentDisputed: ErrorPage(
        409, "payment_disputed", _("Operation not allowed"), texts.own_message
    ),
    payments.PaymentMethodMissing: ErrorPage(422, "invalid_form", CHECK_DETAILS, texts.own_message),
    payments.PaymentNotFound: ErrorPage(
        404, "unknown_order", _("Order not found"), texts.own_message
    ),
    payments.PaymentsUnavailable: ErrorPage(
        503, "payments_unavailable", _("Payments are temporarily unavailable"), texts.own_message
    ),
    payments.TokenAlreadyUsed: ErrorPage(
        409, "used_token", _("These card details were already used"), texts.own_message
    ),
    # The database
    **dict.fromkeys(UNAVAILABLE, DATABASE_UNAVAILABLE),
    # HTTP
    BadRequest: ErrorPage(
        400, "bad_request", _("Bad request"), _("The request could not be read.")
    ),
    CSRFError: CSRF_EXPIRED,
    NotFound: ErrorPage(
        404,
        "not_found",
        _("Page not found"),
        _("This page does not exist. It may have been moved or deleted."),
    ),
    MethodNotAllowed: ErrorPage(
        405, "method_not_allowed", _("Action not allowed"), _("Please go back and try again.")
    ),
    RequestEntityTooLarge: ErrorPage(
        413, "too_large", _("Request too large"), _("The request is larger than the maximum size.")
    ),
    UnsupportedMediaType: ErrorPage(
        415,
        "unsupported_type",
        _("Unsupported content type"),
        _("This content type is not supported."),
    ),
    TooManyRequests: ErrorPage(
        429, "too_many_requests", _("Too many requests"), _("Wait a minute, then try again.")
    ),
    HTTPException: ErrorPage(
        400, "refused", _("Request failed"), _("Please go back and try again.")
    ),
    Exception: SERVER_ERROR,
}


def error_page(error: Exception) -> ErrorPage:
    """The entry of an error."""
    if isinstance(error, HTTPException) and (error.code or 500) >= SERVER_ERROR.status:
        return SERVER_ERROR
    if isinstance(error, UNAVAILABLE) and not is_unavailable(error):
        return SERVER_ERROR
    return next(ERROR_PAGES[cls] for cls in type(error).__mro__ if cls in ERROR_PAGES)


def error_messages(error: Exception) -> Iterable[str]:
    """The messages of an error, not yet translated."""
    message = error_page(error).message
    return message(error) if callable(message) else [message]


def error_message(error: Exception) -> str:
    """The message of an error in the language of this page."""
    return " ".join(translate(part) for part in error_messages(error))


def error_response(error: Exception, **more: object) -> Response:
    """An error as JSON, for programs."""
    page = error_page(error)
    return error_json(error_message(error), page.code, page.status, **more)
