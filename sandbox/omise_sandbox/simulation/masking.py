"""Hides card numbers and security codes in what is stored or shown about a request."""

import re
from typing import Any

from omise_sandbox.rules.cards import passes_luhn

HIDDEN = "•••"
SECRET_FIELDS = {"security_code", "cvc", "cvv"}
#: 12 to 19 digits, optionally separated by spaces, dashes or their URL encodings.
LIKE_A_NUMBER = re.compile(r"(?<![0-9])[0-9](?:(?:[ +-]|%20)?[0-9]){11,18}(?![0-9])")
DEPTH = 12
MIN_NUMBER_LENGTH = 12


def without_card(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters without the secrets in their `card`: cheap, so applied to every request."""
    card = params.get("card")
    if not isinstance(card, dict):
        return params
    secret: dict[str, object] = dict.fromkeys(SECRET_FIELDS.intersection(card), HIDDEN)
    if "number" in card:
        secret["number"] = _masked_field("number", card["number"], DEPTH)
    return {**params, "card": {**card, **secret}}


def masked(value: object, depth: int = DEPTH) -> object:
    """The same tree without card numbers and security codes."""
    if isinstance(value, str):
        return masked_text(value) if len(value) >= MIN_NUMBER_LENGTH else value
    if isinstance(value, dict):
        if not depth:
            return HIDDEN
        return {masked(name): _masked_field(name, item, depth) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item, depth - 1) for item in value] if depth else HIDDEN
    if isinstance(value, int) and value > 10**11:
        text = masked_text(str(value))
        return text if HIDDEN in text else value
    return value


def _masked_field(name: str, item: object, depth: int) -> object:
    if name in SECRET_FIELDS:
        return HIDDEN
    if name == "number":
        return HIDDEN + str(item)[-4:]
    if isinstance(item, str) and len(item) < MIN_NUMBER_LENGTH:
        return item
    return masked(item, depth - 1)


def masked_text(text: str) -> str:
    """The text with every possible card number reduced to its last four digits."""
    return LIKE_A_NUMBER.sub(_masked_number, text)


def _masked_number(match: re.Match[str]) -> str:
    digits = re.sub("[^0-9]", "", match.group().replace("%20", ""))
    return HIDDEN + digits[-4:] if passes_luhn(digits) else match.group()
