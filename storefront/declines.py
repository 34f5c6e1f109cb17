"""Why a payment did not go through, in words for the shopper: what happened, and what to do next.

The left column is Omise's `failure_code` of a charge, its error `code`, or a code of our own. The
provider's own text is never shown.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """Two sentences for the shopper."""

    problem: str
    advice: str


_ANOTHER_CARD = "Try another card, or ask your bank."
_NOT_CHARGED = "You have not been charged."

#: Codes that Omise documents for a charge that failed (docs.omise.co/charges-api), then its error
#: codes, then ours.
WORDS: dict[str, Words] = {
    "insufficient_fund": Words(
        "There is not enough money on this card.", "Try another card, or a smaller order."
    ),
    "insufficient_balance": Words(
        "There is not enough money in this account.", "Try another card, or a smaller order."
    ),
    "stolen_or_lost_card": Words("Your bank has blocked this card.", _ANOTHER_CARD),
    "failed_processing": Words(
        "Your bank could not process the payment.",
        "Wait a moment and try again, or use another card.",
    ),
    "payment_rejected": Words("Your bank declined the payment.", _ANOTHER_CARD),
    "payment_cancelled": Words(
        "The payment was cancelled.", f"{_NOT_CHARGED} Try again whenever you like."
    ),
    "failed_fraud_check": Words("The payment did not pass a security check.", _ANOTHER_CARD),
    "invalid_security_code": Words(
        "The security code is not right.", "Check the code on your card and enter it again."
    ),
    "invalid_account_number": Words(
        "Your bank does not know this card number.", "Check the number, or try another card."
    ),
    "invalid_account": Words("Your bank does not know this account.", _ANOTHER_CARD),
    "expired_card": Words("This card has expired.", "Try another card."),
    "timeout": Words("The bank did not hear from you in time.", f"{_NOT_CHARGED} Try again."),
    "used_token": Words(
        "These card details were used already.",
        f"{_NOT_CHARGED} Enter your card again to try once more.",
    ),
    "token_expired": Words(
        "The page was open for too long, so your card details were forgotten.",
        f"{_NOT_CHARGED} Enter your card again.",
    ),
    "token_not_found": Words(
        "Your card details did not reach us.", f"{_NOT_CHARGED} Enter your card again."
    ),
    "not_found": Words(
        "This card can no longer be used.", f"{_NOT_CHARGED} Enter your card again, or use another."
    ),
    "too_many_requests": Words(
        "Too many payments at once.", f"{_NOT_CHARGED} Wait a minute and try again."
    ),
    "authentication_failure": Words(
        "Our payment service did not let us in.", f"{_NOT_CHARGED} Please try again later."
    ),
    "unreachable": Words(
        "We could not reach our payment service.", f"{_NOT_CHARGED} Try again in a moment."
    ),
    "card_not_saved": Words(
        "We could not save your card, so we did not go on.",
        f"{_NOT_CHARGED} Enter your card again; you can also pay without saving it.",
    ),
    "never_arrived": Words(
        "Your payment did not reach the bank.", f"{_NOT_CHARGED} You can try again now."
    ),
}

OTHERWISE = Words("The payment did not go through.", _ANOTHER_CARD)


def words_for(code: str) -> Words:
    """The words for a code; general ones for a code that nobody has heard of yet."""
    return WORDS.get(code, OTHERWISE)
