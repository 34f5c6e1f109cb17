"""A form of the checkout that is rejected: its errors are shown by the checkout page.

Programs get the error as JSON, with its status.
"""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from storefront.container import services
from storefront.errors import (
    AmountChanged,
    CardNumberRefused,
    CartChanged,
    EmptyCart,
    InvalidForm,
    LoginRequired,
    OutOfStock,
    PaymentsUnderWay,
    StockAtTheBank,
    StockOnHold,
    StockUnderWay,
    StorefrontError,
    TooManyAttempts,
    TooManyUnpaidOrders,
)
from storefront.payments.errors import (
    AmountOutOfRange,
    CardNotFound,
    ContactIncomplete,
    MethodNotOffered,
    MethodOptionMissing,
    PaymentError,
    PaymentMethodMissing,
    TokenAlreadyUsed,
)
from storefront.payments.i18n import gettext_noop as _
from storefront.shop.addresses import FIELDS
from storefront.shop.cart import Cart
from storefront.shop.orders import CartOrder
from storefront.web.cookie_check import redirect_with_cookie
from storefront.web.error_handlers import (
    handle_http_error,
    handle_storefront_error,
    send_retry_after,
)
from storefront.web.error_pages import error_messages, error_response
from storefront.web.forms import get_text
from storefront.web.language import translate
from storefront.web.payment_cart import can_be_paid, cart_aside
from storefront.web.rejected_form import keep_rejected_form
from storefront.web.responses import wants_json
from storefront.web.session import cart, has_cart, save_cart, shopper

#: The field that each error concerns; any other error concerns the whole form.
FIELDS_OF_ERRORS: dict[type[Exception], str] = {
    AmountChanged: "amount",
    AmountOutOfRange: "amount",
    CardNotFound: "card",
    CardNumberRefused: "token",
    CartChanged: "amount",
    LoginRequired: "card",
    ContactIncomplete: "method",
    MethodNotOffered: "method",
    MethodOptionMissing: "method",
    PaymentMethodMissing: "token",
    PaymentsUnderWay: "token",
    OutOfStock: "amount",
    StockAtTheBank: "amount",
    StockOnHold: "method",
    StockUnderWay: "amount",
    TokenAlreadyUsed: "token",
    TooManyAttempts: "token",
    TooManyUnpaidOrders: "method",
}

LOGGED_OUT = _(
    "You are no longer logged in. Log in to use your saved cards, or enter a card. You have not "
    "been charged."
)
SESSION_ENDED = _(
    "Your session has ended. Your cart is still here: check it before you pay. You have not been "
    "charged."
)
MAYBE_PAID = _(
    "Your session has ended. Your order may be paid already: check your email before you pay again."
)


def reject(error: StorefrontError | PaymentError | TooManyRequests) -> ResponseReturnValue:
    """Redirect a form to the checkout, which shows the error; answer programs with it."""
    if request.endpoint != "checkout.charge" or wants_json():
        return _respond(error)
    basket = cart()
    if basket.is_empty:
        return _recover_cart(get_text(request.form, "cart"))
    keep_rejected_form(_problems(error), basket)
    return redirect_with_cookie("checkout.show")


def _respond(error: StorefrontError | PaymentError | TooManyRequests) -> ResponseReturnValue:
    if isinstance(error, TooManyRequests):
        return handle_http_error(error)
    if isinstance(error, TooManyAttempts):
        send_retry_after(error)
    if isinstance(error, AmountChanged) and wants_json():
        return error_response(error, amount=error.total.amount)
    return handle_storefront_error(error)


def _problems(error: Exception) -> dict[str, str]:
    """The messages of an error, by field."""
    if isinstance(error, InvalidForm):
        return error.problems
    field = FIELDS_OF_ERRORS.get(type(error), "form")
    if isinstance(error, CardNumberRefused) and error.field in ("email", *FIELDS):
        field = error.field
    if isinstance(error, LoginRequired):
        return {field: LOGGED_OUT}
    return {field: next(iter(error_messages(error)))}


def _recover_cart(cart_key: str) -> ResponseReturnValue:
    """Restore the cart of a page whose session is gone, unless its payment has started."""
    if order := _started_order(cart_key or cart_aside() or ""):
        if shopper().may_see(order.number, order.user_id):
            return redirect(url_for("orders.show", number=order.number), 303)
        return _redirect_to_cart(MAYBE_PAID)
    parts = services()
    basket = Cart.from_text(
        get_text(request.form, "items"), parts.catalogue, parts.settings.store_currency
    )
    if basket.is_empty or has_cart():  # emptied in another tab
        return _redirect_to_cart(next(iter(error_messages(EmptyCart()))))
    save_cart(basket)
    keep_rejected_form({"amount": SESSION_ENDED}, basket)
    return redirect_with_cookie("checkout.show")


def _started_order(cart_key: str) -> CartOrder | None:
    """The order of a cart that must not be paid again."""
    order = services().orders.find_by_cart(cart_key) if cart_key else None
    if order and can_be_paid(services().engine.repository.get(order.number)):
        return None
    return order


def _redirect_to_cart(warning: str) -> ResponseReturnValue:
    flash(translate(warning), "warning")
    return redirect_with_cookie("cart.show")
