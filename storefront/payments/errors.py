"""Errors of the engine. After each of them nothing was charged, captured, voided or refunded.

PaymentError
├── AmountOutOfRange       Omise accepts no charge of this size
├── CardNotSaved           Omise refused to save the card
├── CardNotFound           no such saved card, or it belongs to another owner
├── ContactIncomplete      the payment method needs a name, an email and a phone number
├── DatabaseUnavailable    the attempt cannot be recorded
├── MethodNotOffered       the account does not offer this payment method for this amount
├── MethodOptionMissing    the payment method needs a choice, such as a bank
├── OperationAmountInvalid .maximum is the most that can be captured or refunded
├── OperationInProgress    another attempt for the same payment is unresolved
├── OperationNotAllowed    the payment's status does not allow this
├── OtherAccount           the payment was started with other keys
├── PaymentDisputed        the bank has not decided the dispute: no refund until then
├── PaymentMethodMissing   neither token, nor saved card, nor source, nor method
├── PaymentNotFound
├── PaymentRefused         an attempt policy of the host refused the attempt
├── PaymentsUnavailable    Omise cannot be reached
└── TokenAlreadyUsed       the token was sent before, for another payment

InvalidSetting (ValueError)        a setting can never work; says which, and what to write
RetryShortly           raised by a policy of the host; the engine waits a moment and tries again
InvalidTransition (ValueError)     a bug or a race: logged, never shown
UncommittedTransaction (RuntimeError)  the host holds SQLite's write lock: commit before you call it
"""

from .i18n import Message, gettext_noop
from .money import Money


class PaymentError(Exception):
    """The engine refuses, and nothing was charged; `message` is fit for the shopper."""

    message: Message = gettext_noop("The payment is not possible. You have not been charged.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.message)


class AmountOutOfRange(PaymentError):
    """Omise accepts no charge of this size."""

    message = gettext_noop(
        "The total is below the minimum or above the maximum for a card payment. Change your cart."
    )


class CardNotSaved(PaymentError):
    """Omise refused to save the card; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class CardNotFound(PaymentError):
    """There is no such saved card for this owner."""

    message = gettext_noop("This saved card does not exist. It may have been deleted.")


class DatabaseUnavailable(PaymentError):
    """The database cannot record the attempt, so nothing was sent to Omise."""

    message = gettext_noop(
        "We cannot record orders at the moment. You have not been charged. Please try again soon."
    )


class MethodNotOffered(PaymentError):
    """The account does not offer this payment method for this amount."""

    message = gettext_noop("Choose a payment method.")


class MethodOptionMissing(PaymentError):
    """The payment method needs a choice that is missing, or that the account does not offer."""

    message = gettext_noop("Choose your bank, or the number of months.")


class ContactIncomplete(PaymentError):
    """The payment method needs the name, the email and the phone number of the shopper."""

    message = gettext_noop(
        "This payment method needs your name, your email, and a phone number of 10 or 11 digits."
    )


class OperationAmountInvalid(PaymentError):
    """The amount of a capture or refund is zero, negative, or more than `maximum`."""

    def __init__(self, maximum: Money) -> None:
        self.maximum = maximum
        super().__init__()

    @property
    def message(self) -> Message:  # type: ignore[override]  # depends on the maximum
        """The most that can be entered."""
        return gettext_noop(
            "Enter an amount of %(maximum)s or less.", maximum=self.maximum.format("en")
        )


class OperationInProgress(PaymentError):
    """Another attempt for the same payment is unresolved."""

    message = gettext_noop(
        "Another operation on this order has not finished yet. Wait for its result, then try again."
    )


class OperationNotAllowed(PaymentError):
    """The payment's status does not allow this operation."""

    message = gettext_noop(
        "The status of this order does not allow this operation. Refresh the page and check the "
        "order."
    )


class OtherAccount(PaymentError):
    """The payment was started with the keys of another account or mode."""

    message = gettext_noop("This payment was started with another payment account.")


class PaymentDisputed(PaymentError):
    """The cardholder disputes the charge, and the bank has not decided."""

    message = gettext_noop(
        "The cardholder disputes this payment, so it cannot be refunded: the money could be lost "
        "twice. Accept or answer the dispute in Omise's dashboard, and wait for the decision."
    )


class PaymentMethodMissing(PaymentError):
    """The request has neither a token, nor a saved card, nor a source, nor a method."""

    message = gettext_noop("Enter your card, or choose a saved one.")


class PaymentNotFound(PaymentError):
    """There is no payment with this reference."""

    message = gettext_noop("Payment not found.")


class PaymentRefused(PaymentError):
    """An attempt policy of the host refused the attempt."""

    message = gettext_noop("Too many attempts. You have not been charged. Try again later.")


class PaymentsUnavailable(PaymentError):
    """Omise could not be reached, and nothing happened."""

    message = gettext_noop(
        "We could not reach our payment provider. You have not been charged. Please try again soon."
    )


class RetryShortly(Exception):
    """Mixed into a refusal that ends soon, because it is due to other requests under way.

    The engine waits a moment outside of the transaction and opens the attempt once more; the host
    sees the refusal only if that takes too long.
    """


class TokenAlreadyUsed(PaymentError):
    """The token was sent before, for another payment; Omise would refuse it."""

    message = gettext_noop(
        "These card details have already been used. You have not been charged. "
        "Enter your card again."
    )


class InvalidSetting(ValueError):
    """A setting can never work; says which, and what to write, and no secret."""


class InvalidTransition(ValueError):
    """A payment cannot go from its status to the requested one."""


class UncommittedTransaction(RuntimeError):
    """This thread holds SQLite's write lock in another transaction: commit before you call it."""
