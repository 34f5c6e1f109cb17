"""Detects card numbers in text, so that requests with one are rejected."""

import re
import unicodedata

#: Thirteen to nineteen digits with at most single spaces or dashes between them. Letters or
#: underscores beside them mean an id, such as a token's.
CANDIDATE = re.compile(r"(?<![0-9A-Za-z_])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_])")


def passes_luhn(digits: str) -> bool:
    """Whether the check digit is correct (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (
        sum(int(d) for d in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    ) % 10 == 0


def contains_card_number(text: str) -> bool:
    """Whether the text contains a card number, in ASCII or full-width digits."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return any(
        passes_luhn(re.sub(r"[ -]", "", found.group())) for found in CANDIDATE.finditer(plain)
    )
