"""Shipping rates: a flat rate for each country, as the catalogue file lists them."""

from collections.abc import Iterator
from dataclasses import dataclass

from storefront.payments.money import Money

from .catalogue import catalogue_file


@dataclass(frozen=True, slots=True)
class ShippingRate:
    """What delivery to a country costs."""

    rate: Money
    #: A subtotal from which delivery is free; None if it never is.
    free_from: Money | None = None

    def of(self, subtotal: Money) -> Money:
        """What delivery costs for an order of that subtotal."""
        if self.free_from is not None and subtotal.amount >= self.free_from.amount:
            return Money(0, self.rate.currency)
        return self.rate


class ShippingRates:
    """The rates of one currency, by the codes of the countries; the home country comes first."""

    def __init__(self, rates: dict[str, ShippingRate]) -> None:
        self._rates = rates

    def __iter__(self) -> Iterator[str]:
        return iter(self._rates)

    def __len__(self) -> int:
        return len(self._rates)

    def __contains__(self, country: object) -> bool:
        return country in self._rates

    def __getitem__(self, country: str) -> ShippingRate:
        return self._rates[country]

    @classmethod
    def in_currency(cls, currency: str, home: str = "") -> "ShippingRates":
        """The rates as `catalogue.toml` lists them, but for the home country.

        Args:
            currency: what the rates are in.
            home: comes first if the shop delivers there.
        """
        rates = {
            country: ShippingRate(
                Money(zone["rate"][currency], currency),
                Money(zone["free_from"][currency], currency) if "free_from" in zone else None,
            )
            for zone in catalogue_file()["shipping"]
            for country in zone["countries"]
        }
        return cls(dict(sorted(rates.items(), key=lambda rate: rate[0] != home)))

    @classmethod
    def none(cls) -> "ShippingRates":
        """A shop that delivers nothing."""
        return cls({})
