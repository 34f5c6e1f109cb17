"""Money: a whole number of the smallest unit of a currency, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Self

from babel.numbers import format_currency, get_currency_precision

#: The sign of a currency where a locale would only write its three letters.
SIGNS = {"THB": "฿"}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in the smallest unit of its currency: 129000 THB is ฿1,290.00."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"money is counted in whole subunits, not {self.amount!r}")

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.amount * count, self.currency)

    @classmethod
    def sum(cls, parts: Iterable[Self], currency: str) -> "Money":
        """The total of the parts; nothing of the currency when there are none."""
        total = cls(0, currency)
        for part in parts:
            total = total + part  # type: ignore[assignment]
        return total

    def format(self, locale: str) -> str:
        """The amount as a shopper of that locale reads it, with the decimals its currency has."""
        return _format(self.amount, self.currency, locale)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """A typed amount, such as 1,290.00 for a currency of two decimals.

        Raises:
            ValueError: when it is no amount, or is finer than the currency.
        """
        decimals = get_currency_precision(currency)
        if not re.fullmatch(
            r"([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,3})?", text.strip()
        ):
            raise ValueError(f"{text!r} is no amount")
        amount = Decimal(text.strip().replace(",", "")).scaleb(decimals)
        if amount != amount.to_integral_value():
            raise ValueError(f"{text!r} is finer than {currency}")
        return cls(int(amount), currency)

    @property
    def plain(self) -> str:
        """The amount in figures alone, such as 1290.00, as a field of a form has it."""
        decimals = get_currency_precision(self.currency)
        return f"{Decimal(self.amount).scaleb(-decimals):.{decimals}f}"


@lru_cache(maxsize=4096)  # a shop has few prices, and shows each of them all the time
def _format(amount: int, currency: str, locale: str) -> str:
    decimals = get_currency_precision(currency)
    text = format_currency(Decimal(amount).scaleb(-decimals), currency, locale=locale)
    sign = SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    stands_first = text.removeprefix("-").startswith(currency)
    return text.replace(currency, sign, 1) if stands_first else text
