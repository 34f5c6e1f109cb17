"""Detects card numbers in what shoppers send, so that requests with one are rejected.

Of all long numbers with a correct check digit few are cards: a number must also begin as an
issuer's do and have the length of its brand. Advert ids and most serial numbers do not.
"""

import re
import unicodedata

#: Digits with at most single spaces or dashes between them. Letters or underscores beside them mean
#: a longer word, such as a token.
CANDIDATE = re.compile(r"(?<![0-9A-Za-z_])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_])")

#: Brand → the prefixes of its issuers (ISO/IEC 7812) and the lengths of its numbers.
BRANDS = {
    "Visa": (r"4", {13, 16, 19}),
    "Mastercard": (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", {16}),
    "American Express": (r"3[47]", {15}),
    "JCB": (r"35(?:2[89]|[3-8])", {16, 17, 18, 19}),
    "Diners Club": (r"30[0-5]|3095|36|3[89]", {14, 16, 17, 18, 19}),
    "Discover": (r"6011|64[4-9]|65", {16, 17, 18, 19}),
    "UnionPay": (r"62|81", {16, 17, 18, 19}),
    "Maestro": (r"5018|5020|5038|6304|6759|676[1-3]", {13, 14, 15, 16, 17, 18, 19}),
}
_BRANDS = [(re.compile(prefixes), lengths) for prefixes, lengths in BRANDS.values()]


def passes_luhn(digits: str) -> bool:
    """Whether the check digit is correct (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (
        sum(int(d) for d in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    ) % 10 == 0


def is_card_number(digits: str) -> bool:
    """Whether the digits have the prefix and the length of a brand, and a correct check digit."""
    of_a_brand = any(
        len(digits) in lengths and prefixes.match(digits) for prefixes, lengths in _BRANDS
    )
    return of_a_brand and passes_luhn(digits)


def contains_card_number(text: str) -> bool:
    """Whether the text contains a card number, in ASCII or full-width digits."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return any(
        is_card_number(re.sub(r"[ -]", "", found.group())) for found in CANDIDATE.finditer(plain)
    )
