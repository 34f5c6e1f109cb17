"""Currencies, limits, conversion and fees. All amounts are integers in the smallest unit."""

from functools import lru_cache
from typing import NamedTuple


class Rate:
    """A percentage: the text that Omise prints, and hundredths of a percent for calculation."""

    __slots__ = ("hundredths", "text")

    def __init__(self, text: str) -> None:
        whole, _, rest = text.partition(".")
        self.text = text
        self.hundredths = int(whole + f"{rest:<02}")


#: Fee of a card, and VAT on fees by the account's currency. Source: recordings of Thailand and
#: Singapore (fixtures of omise-php); no VAT in Japan and Malaysia is assumed.
CARD_RATE = Rate("3.65")
VAT = {"THB": Rate("7.0")}
NO_VAT = Rate("0.0")


class Currency(NamedTuple):
    """Limits of a card charge, and the value of the smallest unit in millionths of a satang."""

    minimum: int
    maximum: int
    worth: int


#: Limits of THB, JPY, SGD, MYR: docs.omise.co/currency-and-amount. Other limits, and all rates:
#: assumed; fixed, so that tests can rely on them.
CURRENCIES = {
    "THB": Currency(2_000, 15_000_000, 1_000_000),
    "JPY": Currency(100, 6_000_000, 23_000_000),
    "USD": Currency(100, 2_000_000, 35_000_000),
    "EUR": Currency(100, 2_000_000, 38_000_000),
    "GBP": Currency(100, 2_000_000, 44_000_000),
    "SGD": Currency(100, 2_000_000, 26_000_000),
    "AUD": Currency(100, 2_000_000, 23_000_000),
    "CHF": Currency(100, 2_000_000, 40_000_000),
    "CNY": Currency(100, 10_000_000, 4_800_000),
    "DKK": Currency(100, 10_000_000, 5_100_000),
    "HKD": Currency(100, 10_000_000, 4_500_000),
    "MYR": Currency(100, 10_000_000, 8_000_000),
}


class Fees(NamedTuple):
    """What Omise keeps of a charge, and what the merchant receives."""

    fee: int
    vat: int
    net: int


def divide_half_up(amount: int, divisor: int) -> int:
    """The quotient rounded to the nearest integer, halves up."""
    return (2 * amount + divisor) // (2 * divisor)


@lru_cache(maxsize=4096)
def fees(funding_amount: int, rate: Rate, vat_rate: Rate) -> Fees:
    """The fees of a charge: fee and VAT are rounded half up, one after the other."""
    fee = divide_half_up(funding_amount * rate.hundredths, 10_000)
    vat = divide_half_up(fee * vat_rate.hundredths, 10_000)
    return Fees(fee, vat, funding_amount - fee - vat)


def convert(amount: int, currency: str, to: str) -> int:
    """Convert an amount to another currency at the fixed rates above."""
    if currency == to:
        return amount
    return divide_half_up(amount * CURRENCIES[currency].worth, CURRENCIES[to].worth)
