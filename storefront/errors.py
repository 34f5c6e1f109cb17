"""The shop's own errors: each says no on purpose, in words fit for the shopper.

StorefrontError
├── UnknownProduct       404
├── UnknownOrder         404   also: somebody else's
├── UnknownCard          404   also: somebody else's
├── EmptyCart            409
├── CartChanged          409   the page shows another cart than the session holds
├── TokenAlreadyUsed     409   the same card details were sent for something else before
├── MoveNotPossible      409   the order's money cannot be moved in that way (any more)
├── MoveUnderWay         409   another attempt for the same order is open
├── AmountChanged        409   .total is what the cart costs now
├── AmountOutOfRange     422
├── InvalidForm          422   .problems: field → sentence
├── CardNumberRefused    400   a request carried what looks like a card number
├── LoginRequired        401
├── StaffOnly            401
├── TooManyTries         429   .wait: how long, before another try is taken
├── OutOfStock           409   .product: what is left too few of
└── PaymentsUnavailable  503   Omise could not be asked; nothing happened

BrowserMissing    no browser can be driven here
MailNotSent       the mail server did not take a mail; it is tried again
InvalidTransition (ValueError)  a bug or a race: logged, never shown
"""

from datetime import timedelta

from storefront.payments.errors import PaymentRefused
from storefront.payments.i18n import Message
from storefront.payments.i18n import gettext_noop as say
from storefront.payments.money import Money


class StorefrontError(Exception):
    """The shop says no: `status` for HTTP, `code` for programs, `message` for people."""

    status = 400
    code = "refused"
    title = say("Request failed")
    message = say("Please go back and try again.")


class UnknownProduct(StorefrontError):
    """The shop does not sell it."""

    status, code = 404, "unknown_product"
    title = say("Product not found")
    message = say("This product does not exist or is no longer available.")


class UnknownOrder(StorefrontError):
    """There is no such order for this shopper."""

    status, code = 404, "unknown_order"
    title = say("Order not found")
    message = say(
        "We could not find this order. Check the link, or log in to the account you ordered with."
    )


class EmptyCart(StorefrontError):
    """There is nothing to pay for."""

    status, code = 409, "empty_cart"
    title = say("Your cart is empty")
    message = say("Add an item to your cart before you check out. You have not been charged.")


class CartChanged(StorefrontError):
    """The page that was sent shows another cart than the shopper now has."""

    status, code = 409, "cart_changed"
    title = say("Your cart has changed")
    message = say("Your cart has changed since you opened this page. You have not been charged.")


class AmountChanged(StorefrontError):
    """The total that was sent is not what the cart costs."""

    status, code = 409, "amount_changed"
    title = say("The total has changed")
    message = say("The total has changed. Check it before you pay. You have not been charged.")

    def __init__(self, total: Money) -> None:
        super().__init__(self.message)
        self.total = total


class InvalidForm(StorefrontError):
    """Fields that cannot be used, all of them at once: `problems` maps a field to a sentence."""

    status, code = 422, "invalid_form"
    title = say("Check your details")

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems

    @property
    def message(self) -> str:  # type: ignore[override]  # the words depend on the fields
        """All sentences in one."""
        return " ".join(self.problems.values())


class EmailTaken(InvalidForm):
    """The address has an account already."""

    def __init__(self) -> None:
        sentence = say("This email cannot be used to create an account. If it is yours, log in.")
        super().__init__({"email": sentence})


class CardNumberRefused(StorefrontError):
    """A request carried something that looks like a card number; the shop must not see one."""

    status, code = 400, "card_number_refused"
    title = say("Card numbers are not accepted here")
    message = say(
        "Your request contains what looks like a card number. Enter card details only in the card "
        "fields at checkout, which send them straight to Omise. We have not stored anything."
    )


class LoginRequired(StorefrontError):
    """Only a signed-in shopper may do this."""

    status, code = 401, "login_required"
    title = say("Please log in")
    message = say("Log in to see your orders and saved cards.")


class StaffOnly(StorefrontError):
    """Only somebody of the staff may do this."""

    status, code = 401, "staff_only"
    title = say("Please log in")
    message = say("This page is for staff only.")


class TooManyTries(StorefrontError, PaymentRefused):
    """Too much failed; the next try is taken after a pause."""

    status, code = 429, "too_many_tries"
    title = say("Too many attempts")

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__()

    @property
    def seconds(self) -> int:
        """How long to wait, in whole seconds."""
        return max(1, round(self.wait.total_seconds()))

    @property
    def message(self) -> Message:  # type: ignore[override]  # the words depend on the pause
        """When to come back, in minutes."""
        minutes = -(-self.seconds // 60)
        if minutes == 1:
            return say("Too many attempts. You have not been charged. Try again in 1 minute.")
        return say(
            "Too many attempts. You have not been charged. Try again in %(minutes)s minutes.",
            minutes=minutes,
        )


class OutOfStock(StorefrontError):
    """There are fewer left of a product than the cart asks for."""

    status, code = 409, "out_of_stock"
    title = say("Sold out")

    def __init__(self, product: str, left: int) -> None:
        super().__init__(product)
        self.product = Message.build(product, {})  # its name is in the catalogues too
        self.left = left

    @property
    def message(self) -> Message:  # type: ignore[override]  # the words depend on the product
        """What is missing, and that nothing was paid."""
        if self.left:
            return say(
                "%(product)s: only %(left)s left in stock. Change the quantity in your cart. "
                "You have not been charged.",
                left=self.left,
                product=self.product,
            )
        return say(
            "%(product)s is sold out. Remove it from your cart to continue. "
            "You have not been charged.",
            product=self.product,
        )


class BrowserMissing(Exception):
    """No browser can be driven from here."""
