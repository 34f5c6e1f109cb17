"""The cart: skus and quantities kept in the session; prices come from the catalogue."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from storefront.errors import InvalidForm
from storefront.payments.i18n import gettext_noop as say
from storefront.payments.money import Money
from storefront.shop.catalogue import Catalogue, Product

#: As many of one product as one cart holds.
MOST_OF_ONE = 20


@dataclass(frozen=True, slots=True)
class CartLine:
    """One product and how many of it."""

    product: Product
    quantity: int

    @property
    def sku(self) -> str:
        """The sku of the product."""
        return self.product.sku

    @property
    def name(self) -> str:
        """The name of the product."""
        return self.product.name

    @property
    def total(self) -> Money:
        """What the line costs."""
        return self.product.price * self.quantity


class Cart:
    """What a shopper means to buy. Its key names the order that it becomes."""

    def __init__(
        self, catalogue: Catalogue, currency: str, key: str, quantities: dict[str, int]
    ) -> None:
        self._catalogue = catalogue
        self._currency = currency
        self.key = key
        self.quantities = quantities

    @property
    def lines(self) -> tuple[CartLine, ...]:
        """The lines in the order in which the products were added, at today's prices."""
        return tuple(
            CartLine(self._catalogue.product(sku), quantity)
            for sku, quantity in self.quantities.items()
        )

    @property
    def total(self) -> Money:
        """What the whole cart costs today."""
        return Money.sum((line.total for line in self.lines), self._currency)

    @property
    def count(self) -> int:
        """How many things are in the cart."""
        return sum(self.quantities.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to pay for."""
        return not self.quantities

    def add(self, sku: str, quantity: int) -> None:
        """Put that many more of a product in the cart.

        Raises:
            UnknownProduct: when the shop does not sell it.
            InvalidForm: when the quantity is no sensible number.
        """
        if quantity < 1:
            raise InvalidForm({"quantity": say("Enter a quantity of at least 1.")})
        self.change(sku, self.quantities.get(sku, 0) + quantity)

    def change(self, sku: str, quantity: int) -> None:
        """Have exactly that many of a product; none removes it.

        Raises:
            UnknownProduct: when the shop does not sell it.
            InvalidForm: when the quantity is no sensible number.
        """
        self._catalogue.product(sku)
        if not 0 <= quantity <= MOST_OF_ONE:
            raise InvalidForm(
                {"quantity": say("Enter a quantity from 0 to %(most)s.", most=MOST_OF_ONE)}
            )
        if quantity:
            self.quantities[sku] = quantity
        else:
            self.quantities.pop(sku, None)

    def to_text(self) -> str:
        """The contents as a form carries them, such as "mug:2 lamp:1"."""
        return " ".join(f"{sku}:{quantity}" for sku, quantity in self.quantities.items())

    def to_session(self) -> dict[str, object]:
        """The cart as the session keeps it."""
        return {"key": self.key, "quantities": self.quantities}

    @classmethod
    def from_text(cls, text: str, catalogue: Catalogue, currency: str) -> "Cart":
        """A new cart with the contents that a form carries."""
        entries = (entry.partition(":") for entry in text.split())
        quantities = {
            sku: int(count) for sku, _, count in entries if re.fullmatch("[0-9]{1,2}", count)
        }
        return cls.from_session({"quantities": quantities}, catalogue, currency)

    @classmethod
    def from_session(cls, kept: object, catalogue: Catalogue, currency: str) -> "Cart":
        """The cart that the session kept, without entries that are no longer valid."""
        kept = kept if isinstance(kept, Mapping) else {}
        quantities = kept.get("quantities")
        key = kept.get("key")
        return cls(
            catalogue,
            currency,
            key if isinstance(key, str) and key else secrets.token_urlsafe(12),
            {
                sku: quantity
                for sku, quantity in (quantities if isinstance(quantities, Mapping) else {}).items()
                if sku in catalogue and type(quantity) is int and 0 < quantity <= MOST_OF_ONE
            },
        )
