"""The delivery section of the checkout: the address, and what each country costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale

from storefront.container import services
from storefront.shop.addresses import FIELDS, PREFIX, Address
from storefront.shop.cart import Cart
from storefront.shop.models import address_values
from storefront.shop.orders import CartOrder
from storefront.shop.pricing import Totals
from storefront.shop.shopper import Shopper
from storefront.web.language import language


@dataclass(frozen=True, slots=True)
class Country:
    """A country that can be chosen, and what the cart costs there."""

    code: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the section shows."""

    #: The values of the fields, by their names.
    fields: dict[str, str]
    countries: list[Country]
    #: The sums for the country that is chosen.
    totals: Totals
    #: Whether a member's address will be saved.
    saves_address: bool


def delivery(
    cart: Cart, order: CartOrder | None, who: Shopper, typed: Mapping[str, str]
) -> Delivery:
    """The delivery of a cart.

    Args:
        cart: the goods.
        order: the order that the cart became.
        who: the shopper, who may have saved an address.
        typed: the input of a rejected form, which wins over what is known from before.
    """
    pricing, country = services().pricing, f"{PREFIX}country"
    is_typed = country in typed
    known = typed if is_typed else address_values(_known_address(who, order))
    fields = {name: known.get(name) or "" for name in FIELDS}
    if fields[country] not in pricing.countries:
        fields[country] = next(iter(pricing.countries), "")
    return Delivery(
        fields=fields,
        countries=[Country(code, pricing.totals(cart, code)) for code in pricing.countries],
        totals=pricing.totals(cart, fields[country] or None),
        saves_address="save_address" in typed or not is_typed,
    )


def country_name(code: str) -> str:
    """The name of a country in the language of this page."""
    return str(Locale.parse(language()).territories.get(code, code))


def _known_address(who: Shopper, order: CartOrder | None) -> Address | None:
    """The address of the order that the cart became, else the one that the member saved."""
    return (order and order.address) or services().address_book.find(who.user_id)
