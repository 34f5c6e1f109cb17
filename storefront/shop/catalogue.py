"""The catalogue: what the shop sells, and for how much, as a table in code."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from storefront.errors import UnknownProduct
from storefront.payments.money import Money


@cache
def catalogue_file() -> dict[str, Any]:
    """The contents of `catalogue.toml`: products and shipping rates."""
    text = resources.files(__package__).joinpath("catalogue.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Product:
    """Something to buy, with its price in the shop's currency."""

    sku: str
    name: str
    blurb: str
    description: tuple[str, ...]
    details: tuple[str, ...]
    picture_alt: str
    detail_alt: str
    price: Money

    @property
    def picture(self) -> str:
        """The path of its illustration among the static files."""
        return f"img/products/{self.sku}.svg"

    @property
    def detail_picture(self) -> str:
        """The path of a second view of it, for its own page."""
        return f"img/products/{self.sku}-detail.svg"


class Catalogue:
    """The products of one currency, in the order in which they are shown."""

    def __init__(self, products: tuple[Product, ...]) -> None:
        self._by_sku = {product.sku: product for product in products}

    def __iter__(self) -> Iterator[Product]:
        return iter(self._by_sku.values())

    def __contains__(self, sku: object) -> bool:
        return sku in self._by_sku

    def product(self, sku: str) -> Product:
        """The product with that sku.

        Raises:
            UnknownProduct: when the shop does not sell it.
        """
        try:
            return self._by_sku[sku]
        except KeyError:
            raise UnknownProduct(sku) from None

    def following(self, sku: str, count: int) -> list[Product]:
        """The products after that one; the first one follows the last."""
        skus = list(self._by_sku)
        start = skus.index(sku) + 1
        return [self._by_sku[other] for other in [*skus[start:], *skus[: start - 1]][:count]]

    @classmethod
    def in_currency(cls, currency: str) -> "Catalogue":
        """The products as `catalogue.toml` lists them, at the prices of that currency."""
        return cls(
            tuple(
                Product(
                    sku=row["sku"],
                    name=row["name"],
                    blurb=row["blurb"],
                    description=tuple(row["description"]),
                    details=tuple(row["details"]),
                    picture_alt=row["picture_alt"],
                    detail_alt=row["detail_alt"],
                    price=Money(row["price"][currency], currency),
                )
                for row in catalogue_file()["product"]
            )
        )
