"""Money: a whole number of the smallest unit of a currency, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
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
        decimals = get_currency_precision(self.currency)
        text = format_currency(Decimal(self.amount).scaleb(-decimals), self.currency, locale=locale)
        sign = SIGNS.get(self.currency, f"{self.currency}\N{NO-BREAK SPACE}")
        return sign + text.removeprefix(self.currency) if text.startswith(self.currency) else text
