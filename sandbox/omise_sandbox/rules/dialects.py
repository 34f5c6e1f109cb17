"""Everything in which the brief and the recordings of the live service differ.

``documented`` answers as the brief says, ``recorded`` as recordings show. No other file knows which
dialect a world speaks: they ask for the attribute.
"""

from typing import Any, NamedTuple


class Code(NamedTuple):
    """The code and status that a problem is answered with."""

    code: str
    status: int


class Dialect(NamedTuple):
    """One way to answer; the meaning of each attribute stands in `DIFFERENCES`."""

    missing_field: Code
    number_format: Code
    number_check: Code
    unknown_brand: Code
    date_impossible: Code
    date_past: Code
    security_code: Code
    joins_all_problems: bool
    strips_number: bool
    unknown_token: str
    unused_charge_status: str | None
    used_token_keeps_card: bool
    mastercard: str
    currency_may_be_left_out: bool
    cards_can_be_posted: bool


#: attribute: (documented, recorded)
DIFFERENCES: dict[str, tuple[Any, Any]] = {
    # A required field of a new token is missing or blank.
    "missing_field": (Code("bad_request", 400), Code("invalid_card", 400)),
    # The number has letters, spaces or dashes, or not 13 to 19 digits.
    "number_format": (Code("invalid_card", 400), Code("invalid_card", 400)),
    # The number fails the Luhn check or has a length that its brand does not.
    "number_check": (Code("invalid_card", 402), Code("invalid_card", 400)),
    # The number belongs to no known brand.
    "unknown_brand": (Code("invalid_card", 402), Code("invalid_card", 400)),
    # There is no such month or year.
    "date_impossible": (Code("invalid_expiration_date", 400), Code("invalid_card", 400)),
    # The card has expired.
    "date_past": (Code("invalid_expiration_date", 402), Code("invalid_card", 400)),
    # The security code is not three or four digits.
    "security_code": (Code("invalid_security_code", 402), Code("invalid_card", 400)),
    # All problems in one message, or only those that share the answer of the most basic one.
    "joins_all_problems": (False, True),
    # Spaces and dashes in a number are taken out instead of refused.
    "strips_number": (False, True),
    # The code for a token that does not exist.
    "unknown_token": ("token_not_found", "not_found"),
    # `charge_status` of a token that no charge has used.
    "unused_charge_status": (None, "unknown"),
    # Whether a used token still shows its card.
    "used_token_keeps_card": (True, False),
    # How the brand is spelt.
    "mastercard": ("Mastercard", "MasterCard"),
    # A charge without a currency is in the account's currency (the brief's saved-card samples).
    "currency_may_be_left_out": (True, False),
    # A card may be added by POST /customers/:id/cards, besides PATCH /customers/:id.
    "cards_can_be_posted": (True, False),
}

DIALECTS = {
    name: Dialect(**{attribute: pair[column] for attribute, pair in DIFFERENCES.items()})
    for column, name in enumerate(("documented", "recorded"))
}
