"""Why a payment did not go through, in words for the shopper: what happened, and what to do next.

The left column is Omise's `failure_code` of a charge, its error `code`, or a code of our own. The
provider's own text is never shown.
"""

from typing import NamedTuple

from .i18n import Sentence, say


class Words(NamedTuple):
    """Two sentences for the shopper."""

    problem: Sentence
    advice: Sentence

    @property
    def both(self) -> Sentence:
        """One after the other."""
        return Sentence.made_of("%(problem)s %(advice)s", self._asdict())


_ANOTHER_CARD = say("Try another card or contact your bank.")

#: Codes that Omise documents for a charge that failed (docs.omise.co/charges-api), then its error
#: codes, then ours.
WORDS: dict[str, Words] = {
    "insufficient_fund": Words(say("Insufficient funds."), say("Try another card.")),
    "insufficient_balance": Words(
        say("Insufficient funds."),
        say("Try another card."),
    ),
    "stolen_or_lost_card": Words(say("Your bank declined the payment."), _ANOTHER_CARD),
    "failed_processing": Words(
        say("Your bank could not process the payment."),
        say("Wait a moment and try again, or use another card."),
    ),
    "payment_rejected": Words(say("Your bank declined the payment."), _ANOTHER_CARD),
    "payment_cancelled": Words(
        say("The payment was cancelled."),
        say("You have not been charged. You can try again at any time."),
    ),
    "failed_fraud_check": Words(say("Your bank declined the payment."), _ANOTHER_CARD),
    "invalid_security_code": Words(
        say("Your security code is incorrect."),
        say("Check the code on your card and enter it again."),
    ),
    "invalid_account_number": Words(
        say("This card number isn't recognised by the bank."),
        say("Check the number or try another card."),
    ),
    "invalid_account": Words(say("This account isn't recognised by the bank."), _ANOTHER_CARD),
    "expired_card": Words(say("This card has expired."), say("Try another card.")),
    "timeout": Words(
        say("Bank verification timed out."), say("You have not been charged. Try again.")
    ),
    "used_token": Words(
        say("These card details have already been used."),
        say("You have not been charged. Enter your card again."),
    ),
    "token_expired": Words(
        say("Your card details expired because the page was open for too long."),
        say("You have not been charged. Enter your card again."),
    ),
    "token_not_found": Words(
        say("We did not receive your card details."),
        say("You have not been charged. Enter your card again."),
    ),
    "not_found": Words(
        say("This card can no longer be used."),
        say("You have not been charged. Enter your card again or use another card."),
    ),
    "too_many_requests": Words(
        say("We're receiving too many payments right now."),
        say("You have not been charged. Wait a minute and try again."),
    ),
    "authentication_failure": Words(
        say("Payments are temporarily unavailable."),
        say("You have not been charged. Please try again later."),
    ),
    "unreachable": Words(
        say("We could not reach our payment provider."),
        say("You have not been charged. Try again in a moment."),
    ),
    "card_not_saved": Words(
        say("We could not save your card, so we stopped the payment."),
        say("You have not been charged. Enter your card again, or pay without saving it."),
    ),
    "never_arrived": Words(
        say("Your payment did not reach the bank."),
        say("You have not been charged. You can try again now."),
    ),
}

OTHERWISE = Words(say("Your payment did not go through."), _ANOTHER_CARD)


def words_for(code: str) -> Words:
    """The words for a code; general ones for a code that nobody has heard of yet."""
    return WORDS.get(code, OTHERWISE)
