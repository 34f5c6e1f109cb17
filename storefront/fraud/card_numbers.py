"""Detects card numbers in text, so that requests with one are rejected."""

import re
import unicodedata

#: Thirteen to nineteen digits with at most single spaces or dashes between them. Letters or
#: underscores beside them mean an id, such as a token's.
CANDIDATE = re.compile(r"(?<![0-9A-Za-z_])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_])")

#: The first digits of the card brands that Omise accepts and of their peers, with the lengths of
#: their numbers. Other long numbers, such as an IMEI or a time in microseconds, are no cards.
BRANDS = {
    "Visa": (r"4", {13, 16, 19}),
    "Mastercard": (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", {16}),
    "American Express": (r"3[47]", {15}),
    "JCB": (r"35(?:2[89]|[3-8])", {16, 17, 18, 19}),
    "Diners Club": (r"3(?:0[0-5]|[689])", {14, 16, 19}),
    "Discover": (r"6(?:011|4[4-9]|5)", {16, 17, 18, 19}),
    "UnionPay": (r"62", {16, 17, 18, 19}),
}


def passes_luhn(digits: str) -> bool:
    """Whether the check digit is correct (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (
        sum(int(d) for d in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    ) % 10 == 0


def is_card_number(digits: str) -> bool:
    """Whether the digits begin and end like a card number, and are as many."""
    has_brand = any(
        len(digits) in lengths and re.match(prefix, digits) for prefix, lengths in BRANDS.values()
    )
    return has_brand and passes_luhn(digits)


def contains_card_number(text: str) -> bool:
    """Whether the text contains a card number, in ASCII or full-width digits."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return any(
        is_card_number(re.sub(r"[ -]", "", found.group())) for found in CANDIDATE.finditer(plain)
    )
