"""What an order costs: goods, shipping, and the tax that both include."""

from dataclasses import dataclass

from storefront.payments.money import Money

from .cart import Cart
from .shipping import ShippingRates

#: A rate of 100 % in basis points.
WHOLE = 10_000


def included_tax(total: Money, basis_points: int) -> Money:
    """The tax that a total includes, rounded half up.

    Args:
        total: what is paid.
        basis_points: the rate on the price without tax, in hundredths of a percent.
    """
    divisor = WHOLE + basis_points
    return Money((2 * total.amount * basis_points + divisor) // (2 * divisor), total.currency)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a cart."""

    subtotal: Money
    #: None if nothing is delivered, or it is not known where to.
    shipping: Money | None
    #: In hundredths of a percent.
    tax_basis_points: int

    @property
    def total(self) -> Money:
        """What is charged."""
        return self.subtotal if self.shipping is None else self.subtotal + self.shipping

    @property
    def tax(self) -> Money:
        """The tax that the total includes."""
        return included_tax(self.total, self.tax_basis_points)


class Pricing:
    """Prices carts.

    Args:
        rates: what shipping costs; none in a shop that delivers nothing.
        tax_basis_points: the tax that every price includes, in hundredths of a percent.
    """

    def __init__(self, rates: ShippingRates, tax_basis_points: int) -> None:
        self.rates = rates
        self._tax_basis_points = tax_basis_points

    @property
    def countries(self) -> tuple[str, ...]:
        """The codes of the countries that the shop delivers to, the home country first."""
        return tuple(self.rates)

    def totals(self, cart: Cart, country: str | None) -> Totals:
        """What a cart costs today.

        Args:
            cart: the goods.
            country: where they are delivered, one of `countries`; None if they are not.
        """
        shipping = self.rates[country].of(cart.total) if country else None
        return Totals(cart.total, shipping, self._tax_basis_points)
