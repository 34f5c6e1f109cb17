"""Messages that are built from an error, not yet translated."""

from collections.abc import Iterable

from storefront import errors
from storefront.payments import errors as payments
from storefront.payments.i18n import Message
from storefront.payments.i18n import gettext_noop as _


def invalid_form(error: errors.InvalidForm) -> Iterable[str]:
    """The message of each field."""
    return error.problems.values()


def own_message(error: payments.PaymentError) -> Iterable[str]:
    """The message of an error of the engine."""
    return [error.message]


def too_many_attempts(error: errors.TooManyAttempts) -> Iterable[str]:
    """How many minutes to wait."""
    minutes = -(-error.seconds // 60)
    if minutes == 1:
        yield _("Too many attempts. You have not been charged. Try again in 1 minute.")
    else:
        yield _(
            "Too many attempts. You have not been charged. Try again in %(minutes)s minutes.",
            minutes=minutes,
        )


def out_of_stock(error: errors.OutOfStock) -> Iterable[str]:
    """How many are left."""
    product = Message.build(error.product, {})  # product names have translations too
    if error.left:
        yield _(
            "%(product)s: only %(left)s left in stock. Change the quantity in your cart. "
            "You have not been charged.",
            left=error.left,
            product=product,
        )
    else:
        yield _(
            "%(product)s is sold out. Remove it from your cart to continue. "
            "You have not been charged.",
            product=product,
        )


def stock_on_hold(error: errors.StockOnHold) -> Iterable[str]:
    """That strangers hold the stock."""
    yield _(
        "%(product)s: most of the stock is reserved for orders that are not paid yet. "
        "Pay by card, or try again in 15 minutes. You have not been charged.",
        product=Message.build(error.product, {}),
    )


def stock_at_the_bank(error: errors.StockAtTheBank) -> Iterable[str]:
    """That the same network or email holds the stock, and for how long."""
    yield _(
        "%(product)s: much of the stock is reserved for orders from your network or email that are "
        "not paid yet. Try again in %(minutes)s minutes. You have not been charged.",
        product=Message.build(error.product, {}),
        minutes=-(-int(error.wait.total_seconds()) // 60),
    )
