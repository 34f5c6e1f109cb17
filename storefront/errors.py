"""The errors of the shop. What a client is told about each is in web/error_pages.py.

StorefrontError
├── UnknownProduct
├── UnknownOrder        also an order of another shopper
├── EmptyCart
├── CartChanged         the page shows another cart than the session
├── AmountChanged       .total is the current total of the cart
├── InvalidForm         .problems: field → message
│   └── EmailTaken
├── CardNumberRefused   .field contains what looks like a card number
├── CookiesBlocked      the browser keeps no session
├── LinkExpired         a link of a mail is too old, used, or forged
├── LoginRequired
├── StaffOnly
├── RoleRequired        the role of a member of staff does not allow this
├── TooManyAttempts     .wait: how long, before the next attempt
│   └── PaymentsUnderWay    the others are not decided yet
├── TooManyUnpaidOrders the shopper reserved stock in other orders and did not pay
├── StockOnHold         .product, of which others reserved much and did not pay
│   └── StockAtTheBank      the same network or email did, by cards; .wait: how long at most
│       └── StockUnderWay   some of these payments are not decided yet
└── OutOfStock          .product, .left

BrowserMissing          no browser can be started
"""

from collections.abc import Mapping
from datetime import timedelta

from storefront.payments.errors import PaymentRefused, RetryShortly
from storefront.payments.i18n import gettext_noop as _
from storefront.payments.money import Money


class StorefrontError(Exception):
    """The shop rejects a request on purpose, and nothing was charged."""


class UnknownProduct(StorefrontError):
    """The catalogue has no such product."""


class UnknownOrder(StorefrontError):
    """There is no such order for this shopper."""


class EmptyCart(StorefrontError):
    """The cart is empty, so there is nothing to pay."""


class CartChanged(StorefrontError):
    """The submitted page shows another cart than the session holds."""


class AmountChanged(StorefrontError):
    """The submitted total is not the total of the cart."""

    def __init__(self, total: Money) -> None:
        super().__init__(total)
        self.total = total


class InvalidForm(StorefrontError):
    """Fields are not valid; `problems` has a message for each of them."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(problems)
        self.problems = dict(problems)


class EmailTaken(InvalidForm):
    """There is an account with this email."""

    def __init__(self) -> None:
        message = _("This email cannot be used to create an account. If it is yours, log in.")
        super().__init__({"email": message})


class CardNumberRefused(StorefrontError):
    """A request contains what looks like a card number, which the shop must not receive."""

    def __init__(self, field: str | None = None) -> None:
        super().__init__(field)
        #: The field of the form that contains it, if known.
        self.field = field


class CookiesBlocked(StorefrontError):
    """The browser does not send back the cookie of the session that it was given."""


class LinkExpired(StorefrontError):
    """A link of a mail is too old, was used already, or is forged."""


class LoginRequired(StorefrontError):
    """Only a logged-in shopper may do this."""


class StaffOnly(StorefrontError):
    """Only staff may do this."""


class RoleRequired(StorefrontError):
    """The role of this member of staff does not allow what they asked for."""


class TooManyAttempts(StorefrontError, PaymentRefused):
    """Too many attempts have failed; the next one has to wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait

    @property
    def seconds(self) -> int:
        """How long to wait, in whole seconds."""
        return max(1, round(self.wait.total_seconds()))


class PaymentsUnderWay(TooManyAttempts, RetryShortly):
    """So many payments are being sent to Omise that the next one waits for their results."""


class TooManyUnpaidOrders(StorefrontError, PaymentRefused):
    """The shopper has stock reserved in several orders that are not paid."""


class StockOnHold(StorefrontError, PaymentRefused):
    """Much of a product is reserved in orders that are not paid."""

    def __init__(self, product: str) -> None:
        super().__init__(product)
        self.product = product


class StockAtTheBank(StockOnHold):
    """One network or email reserved much of a product in orders that are not paid."""

    def __init__(self, product: str, wait: timedelta) -> None:
        super().__init__(product)
        self.wait = wait


class StockUnderWay(StockAtTheBank, RetryShortly):
    """The same, while some of these payments are being sent to Omise."""


class OutOfStock(StorefrontError):
    """The stock of a product is less than the cart asks for."""

    def __init__(self, product: str, left: int) -> None:
        super().__init__(product, left)
        self.product = product
        self.left = left


class BrowserMissing(Exception):
    """No browser can be started."""
