"""What the card network advises after a decline (docs.omise.co/merchant-advice)."""

from .models import PaymentAttempt

#: The codes of Mastercard after which a card must not be tried again.
NO_RETRY_CODES = frozenset({"03", "21"})


def forbids_retry(attempt: PaymentAttempt | None) -> bool:
    """Whether the card of an attempt must not be tried again."""
    if attempt is None:
        return False
    words = (attempt.merchant_advice or "").lower()
    return attempt.merchant_advice_code in NO_RETRY_CODES or words.startswith("do not")
