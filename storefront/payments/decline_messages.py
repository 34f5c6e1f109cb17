"""Why a payment did not go through, in words for the shopper: what happened, and what to do next.

The left column is Omise's `failure_code` of a charge, its error `code`, or a code of our own. The
provider's own text is never shown.
"""

from typing import NamedTuple

from .i18n import Message
from .i18n import gettext_noop as say


class DeclineMessage(NamedTuple):
    """Two sentences for the shopper."""

    problem: Message
    advice: Message

    @property
    def text(self) -> Message:
        """One after the other."""
        return Message.build("%(problem)s %(advice)s", self._asdict())


_ANOTHER_CARD = say("Try another card, or ask your bank.")

#: Codes that Omise documents for a charge that failed (docs.omise.co/charges-api), then its error
#: codes, then ours.
DECLINE_MESSAGES: dict[str, DeclineMessage] = {
    "insufficient_fund": DeclineMessage(
        say("There is not enough money on this card."), say("Try another card, or a smaller order.")
    ),
    "insufficient_balance": DeclineMessage(
        say("There is not enough money in this account."),
        say("Try another card, or a smaller order."),
    ),
    "stolen_or_lost_card": DeclineMessage(say("Your bank has blocked this card."), _ANOTHER_CARD),
    "failed_processing": DeclineMessage(
        say("Your bank could not process the payment."),
        say("Wait a moment and try again, or use another card."),
    ),
    "payment_rejected": DeclineMessage(say("Your bank declined the payment."), _ANOTHER_CARD),
    "payment_cancelled": DeclineMessage(
        say("The payment was cancelled."),
        say("You have not been charged. Try again whenever you like."),
    ),
    "failed_fraud_check": DeclineMessage(
        say("The payment did not pass a security check."), _ANOTHER_CARD
    ),
    "invalid_security_code": DeclineMessage(
        say("The security code is not right."),
        say("Check the code on your card and enter it again."),
    ),
    "invalid_account_number": DeclineMessage(
        say("Your bank does not know this card number."),
        say("Check the number, or try another card."),
    ),
    "invalid_account": DeclineMessage(say("Your bank does not know this account."), _ANOTHER_CARD),
    "expired_card": DeclineMessage(say("This card has expired."), say("Try another card.")),
    "timeout": DeclineMessage(
        say("The bank did not hear from you in time."), say("You have not been charged. Try again.")
    ),
    "used_token": DeclineMessage(
        say("These card details were used already."),
        say("You have not been charged. Enter your card again to try once more."),
    ),
    "token_expired": DeclineMessage(
        say("The page was open for too long, so your card details were forgotten."),
        say("You have not been charged. Enter your card again."),
    ),
    "token_not_found": DeclineMessage(
        say("Your card details did not reach us."),
        say("You have not been charged. Enter your card again."),
    ),
    "not_found": DeclineMessage(
        say("This card can no longer be used."),
        say("You have not been charged. Enter your card again, or use another."),
    ),
    "too_many_requests": DeclineMessage(
        say("Too many payments at once."),
        say("You have not been charged. Wait a minute and try again."),
    ),
    "authentication_failure": DeclineMessage(
        say("Our payment service did not let us in."),
        say("You have not been charged. Please try again later."),
    ),
    "unreachable": DeclineMessage(
        say("We could not reach our payment service."),
        say("You have not been charged. Try again in a moment."),
    ),
    "card_not_saved": DeclineMessage(
        say("We could not save your card, so we did not go on."),
        say(
            "You have not been charged. Enter your card again; you can also pay without saving it."
        ),
    ),
    "never_arrived": DeclineMessage(
        say("Your payment did not reach the bank."),
        say("You have not been charged. You can try again now."),
    ),
}

DEFAULT_MESSAGE = DeclineMessage(say("The payment did not go through."), _ANOTHER_CARD)


def decline_message(code: str) -> DeclineMessage:
    """The words for a code; general ones for a code that nobody has heard of yet."""
    return DECLINE_MESSAGES.get(code, DEFAULT_MESSAGE)
