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


_ANOTHER_CARD = say("Try another card or contact your bank.")

#: Codes that Omise documents for a charge that failed (docs.omise.co/charges-api), then its error
#: codes, then ours.
DECLINE_MESSAGES: dict[str, DeclineMessage] = {
    "insufficient_fund": DeclineMessage(say("Insufficient funds."), say("Try another card.")),
    "insufficient_balance": DeclineMessage(
        say("Insufficient funds."),
        say("Try another card."),
    ),
    "stolen_or_lost_card": DeclineMessage(say("Your bank declined the payment."), _ANOTHER_CARD),
    "failed_processing": DeclineMessage(
        say("Your bank could not process the payment."),
        say("Wait a moment and try again, or use another card."),
    ),
    "payment_rejected": DeclineMessage(say("Your bank declined the payment."), _ANOTHER_CARD),
    "payment_cancelled": DeclineMessage(
        say("The payment was cancelled."),
        say("You have not been charged. You can try again at any time."),
    ),
    "failed_fraud_check": DeclineMessage(say("Your bank declined the payment."), _ANOTHER_CARD),
    "invalid_security_code": DeclineMessage(
        say("Your security code is incorrect."),
        say("Check the code on your card and enter it again."),
    ),
    "invalid_account_number": DeclineMessage(
        say("This card number isn't recognised by the bank."),
        say("Check the number or try another card."),
    ),
    "invalid_account": DeclineMessage(
        say("This account isn't recognised by the bank."), _ANOTHER_CARD
    ),
    "expired_card": DeclineMessage(say("This card has expired."), say("Try another card.")),
    "timeout": DeclineMessage(
        say("Bank verification timed out."), say("You have not been charged. Try again.")
    ),
    "used_token": DeclineMessage(
        say("These card details have already been used."),
        say("You have not been charged. Enter your card again."),
    ),
    "token_expired": DeclineMessage(
        say("Your card details expired because the page was open for too long."),
        say("You have not been charged. Enter your card again."),
    ),
    "token_not_found": DeclineMessage(
        say("We did not receive your card details."),
        say("You have not been charged. Enter your card again."),
    ),
    "not_found": DeclineMessage(
        say("This card can no longer be used."),
        say("You have not been charged. Enter your card again or use another card."),
    ),
    "too_many_requests": DeclineMessage(
        say("We're receiving too many payments right now."),
        say("You have not been charged. Wait a minute and try again."),
    ),
    "authentication_failure": DeclineMessage(
        say("Payments are temporarily unavailable."),
        say("You have not been charged. Please try again later."),
    ),
    "unreachable": DeclineMessage(
        say("We could not reach our payment provider."),
        say("You have not been charged. Try again in a moment."),
    ),
    "card_not_saved": DeclineMessage(
        say("We could not save your card, so we stopped the payment."),
        say("You have not been charged. Enter your card again, or pay without saving it."),
    ),
    "charge_not_found": DeclineMessage(
        say("Your payment did not go through."),
        say("You have not been charged. You can try again now."),
    ),
    "not_sent": DeclineMessage(
        say("Your payment did not go through."),
        say("You have not been charged. You can try again now."),
    ),
    "never_arrived": DeclineMessage(
        say("Your payment did not reach the bank."),
        say("You have not been charged. You can try again now."),
    ),
}

DEFAULT_MESSAGE = DeclineMessage(say("Your payment did not go through."), _ANOTHER_CARD)


def decline_message(code: str) -> DeclineMessage:
    """The words for a code; general ones for an unknown code."""
    return DECLINE_MESSAGES.get(code, DEFAULT_MESSAGE)
