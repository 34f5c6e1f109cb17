"""The differences between the brief and the recordings of the live service.

``documented`` answers as the brief says, ``recorded`` as recordings show. No other file knows the
dialect of a world: code reads the attribute.
"""

from typing import Any, NamedTuple


class Code(NamedTuple):
    """The error code and the status of a problem."""

    code: str
    status: int


class Dialect(NamedTuple):
    """One set of answers; `DIFFERENCES` explains each attribute."""

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
    cards_can_be_added: bool
    newer_charge_fields: bool


#: attribute: (documented, recorded)
DIFFERENCES: dict[str, tuple[Any, Any]] = {
    # A required field of a new token is missing or blank.
    "missing_field": (Code("bad_request", 400), Code("invalid_card", 400)),
    # The number has letters, spaces or dashes, or a length other than 13 to 19 digits.
    "number_format": (Code("invalid_card", 400), Code("invalid_card", 400)),
    # The number fails the Luhn check or has the wrong length for its brand.
    "number_check": (Code("invalid_card", 402), Code("invalid_card", 400)),
    # The number belongs to no known brand.
    "unknown_brand": (Code("invalid_card", 402), Code("invalid_card", 400)),
    # The month or the year does not exist.
    "date_impossible": (Code("invalid_expiration_date", 400), Code("invalid_card", 400)),
    # The card has expired.
    "date_past": (Code("invalid_expiration_date", 402), Code("invalid_card", 400)),
    # The security code is not three or four digits.
    "security_code": (Code("invalid_security_code", 402), Code("invalid_card", 400)),
    # All problems in one message, or only those with the code of the first.
    "joins_all_problems": (False, True),
    # Spaces and dashes are stripped from the number instead of rejected.
    "strips_number": (False, True),
    # The error code of an unknown token.
    "unknown_token": ("token_not_found", "not_found"),
    # `charge_status` of a token that no charge has used.
    "unused_charge_status": (None, "unknown"),
    # Whether a used token still shows its card.
    "used_token_keeps_card": (True, False),
    # The spelling of the brand.
    "mastercard": ("Mastercard", "MasterCard"),
    # A charge without a currency is in the account's currency (the brief's saved-card samples).
    "currency_may_be_left_out": (True, False),
    # A card may be added by POST or PATCH /customers/:id/cards, besides PATCH /customers/:id.
    "cards_can_be_added": (True, False),
    # Charges show the fields that came after the recordings: missing_3ds_fields, authenticated_by,
    # statement_descriptor and the texts of merchant_advice.
    "newer_charge_fields": (True, False),
}

DIALECTS = {
    name: Dialect(**{attribute: pair[column] for attribute, pair in DIFFERENCES.items()})
    for column, name in enumerate(("documented", "recorded"))
}
