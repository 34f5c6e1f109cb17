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


_ANOTHER_CARD = say("Try another card, or ask your bank.")

#: Codes that Omise documents for a charge that failed (docs.omise.co/charges-api), then its error
#: codes, then ours.
WORDS: dict[str, Words] = {
    "insufficient_fund": Words(
        say("There is not enough money on this card."), say("Try another card, or a smaller order.")
    ),
    "insufficient_balance": Words(
        say("There is not enough money in this account."),
        say("Try another card, or a smaller order."),
    ),
    "stolen_or_lost_card": Words(say("Your bank has blocked this card."), _ANOTHER_CARD),
    "failed_processing": Words(
        say("Your bank could not process the payment."),
        say("Wait a moment and try again, or use another card."),
    ),
    "payment_rejected": Words(say("Your bank declined the payment."), _ANOTHER_CARD),
    "payment_cancelled": Words(
        say("The payment was cancelled."),
        say("You have not been charged. Try again whenever you like."),
    ),
    "failed_fraud_check": Words(say("The payment did not pass a security check."), _ANOTHER_CARD),
    "invalid_security_code": Words(
        say("The security code is not right."),
        say("Check the code on your card and enter it again."),
    ),
    "invalid_account_number": Words(
        say("Your bank does not know this card number."),
        say("Check the number, or try another card."),
    ),
    "invalid_account": Words(say("Your bank does not know this account."), _ANOTHER_CARD),
    "expired_card": Words(say("This card has expired."), say("Try another card.")),
    "timeout": Words(
        say("The bank did not hear from you in time."), say("You have not been charged. Try again.")
    ),
    "used_token": Words(
        say("These card details were used already."),
        say("You have not been charged. Enter your card again to try once more."),
    ),
    "token_expired": Words(
        say("The page was open for too long, so your card details were forgotten."),
        say("You have not been charged. Enter your card again."),
    ),
    "token_not_found": Words(
        say("Your card details did not reach us."),
        say("You have not been charged. Enter your card again."),
    ),
    "not_found": Words(
        say("This card can no longer be used."),
        say("You have not been charged. Enter your card again, or use another."),
    ),
    "too_many_requests": Words(
        say("Too many payments at once."),
        say("You have not been charged. Wait a minute and try again."),
    ),
    "authentication_failure": Words(
        say("Our payment service did not let us in."),
        say("You have not been charged. Please try again later."),
    ),
    "unreachable": Words(
        say("We could not reach our payment service."),
        say("You have not been charged. Try again in a moment."),
    ),
    "card_not_saved": Words(
        say("We could not save your card, so we did not go on."),
        say(
            "You have not been charged. Enter your card again; you can also pay without saving it."
        ),
    ),
    "never_arrived": Words(
        say("Your payment did not reach the bank."),
        say("You have not been charged. You can try again now."),
    ),
}

OTHERWISE = Words(say("The payment did not go through."), _ANOTHER_CARD)


def words_for(code: str) -> Words:
    """The words for a code; general ones for a code that nobody has heard of yet."""
    return WORDS.get(code, OTHERWISE)
