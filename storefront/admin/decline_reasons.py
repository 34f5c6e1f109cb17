"""Why payments failed, in words for staff; shoppers read other words, in decline_messages.py."""

#: The failure code of an attempt → what staff read.
DECLINE_REASONS = {
    "insufficient_fund": "Insufficient funds",
    "insufficient_balance": "Insufficient balance",
    "stolen_or_lost_card": "Stolen or lost card",
    "failed_processing": "The bank could not process it",
    "payment_rejected": "Rejected by the bank",
    "payment_cancelled": "Cancelled by the shopper",
    "failed_fraud_check": "Failed the fraud check",
    "invalid_security_code": "Wrong security code",
    "invalid_account_number": "Unknown card number",
    "invalid_account": "Unknown account",
    "expired_card": "Expired card",
    "timeout": "Not confirmed in time",
    "used_token": "Card details used before",
    "token_expired": "Card details expired",
    "token_not_found": "No card details",
    "not_found": "Saved card is gone",
    "too_many_requests": "Too many requests to Omise",
    "authentication_failure": "Omise refused the keys",
    "unreachable": "Omise could not be reached",
    "card_not_saved": "The card could not be saved",
    "charge_not_found": "Omise has no such charge",
    "never_arrived": "The request never arrived",
    "not_sent": "The request was not sent",
    "closed_by_staff": "Closed by staff",
    "unspecified": "No reason given",
}


def decline_reason(code: str) -> str:
    """A failure code in words; a code without words as it is."""
    return DECLINE_REASONS.get(code) or in_words(code)


def in_words(code: str) -> str:
    """A code or a status as people write it: payment_failed is Payment failed."""
    return code.replace("_", " ").capitalize()
