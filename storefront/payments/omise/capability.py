"""What an account can take: its methods, currencies, limits, and what shoppers choose with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from .json_values import integer, text
from .objects import Json


class MethodOption(StrEnum):
    """A field of a source that the shopper chooses; named as at Omise."""

    BANK = "bank"
    TERM = "installment_term"


@dataclass(frozen=True, slots=True)
class Capability:
    """What the account can take (docs.omise.co/capability-api)."""

    #: Name of a method, "card" or a type of source → the currencies in which the account has it.
    currencies: dict[str, frozenset[str]]
    least: int  #: that one charge may be, in subunits of the account's currency
    most: int
    country: str
    #: The brands of cards that it takes.
    card_brands: tuple[str, ...] = ()
    #: Method and field → what can be chosen: the value, and its name.
    options: Mapping[tuple[str, MethodOption], tuple[tuple[str, str], ...]] = field(
        default_factory=dict
    )
    least_in_installments: int = 0

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The capability in an answer of Omise."""
        limits = data["limits"]["charge_amount"]
        in_installments = data["limits"].get("installment_amount") or {}
        methods = {
            method["name"]: frozenset(code.upper() for code in method["currencies"])
            for method in data["payment_methods"]
        }
        brands = [
            text(brand).replace("MasterCard", "Mastercard")  # as it is spelled with cards
            for method in data["payment_methods"]
            for brand in method.get("card_brands") or ()
        ]
        options = {
            (method["name"], kind): found
            for method in data["payment_methods"]
            for kind, found in _options(method)
        }
        return cls(
            methods,
            limits["min"],
            limits["max"],
            data["country"],
            tuple(brands),
            options,
            in_installments.get("min") or 0,
        )


def _options(method: Json) -> Iterator[tuple[MethodOption, tuple[tuple[str, str], ...]]]:
    """What a shopper chooses with a method: its active banks, and the numbers of months."""
    banks = [bank for bank in method.get("banks") or () if bank.get("active")]
    if banks:
        yield MethodOption.BANK, tuple((text(bank["code"]), text(bank["name"])) for bank in banks)
    terms = [str(integer(term)) for term in method.get("installment_terms") or ()]
    if terms:
        yield MethodOption.TERM, tuple((term, term) for term in terms)
