"""The delivery section of the checkout: the address, and what each country costs."""

from dataclasses import dataclass

from babel import Locale
from flask import request

from storefront.container import services
from storefront.shop.addresses import PREFIX, Address
from storefront.shop.cart import Cart
from storefront.shop.models import Order, address_values
from storefront.shop.pricing import Totals
from storefront.shop.shopper import Shopper
from storefront.web.forms import get_typed
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


def delivery(cart: Cart, who: Shopper, order: Order | None) -> Delivery:
    """The delivery of a cart, with what was typed, else what is known from before."""
    pricing = services().pricing
    countries = [Country(code, pricing.totals(cart, code)) for code in pricing.countries]
    fields = _typed() or address_values(_known_address(who, order))
    name = f"{PREFIX}country"
    if countries and fields[name] not in pricing.countries:
        fields[name] = countries[0].code
    return Delivery(
        fields={name: value or "" for name, value in fields.items()},
        countries=countries,
        totals=pricing.totals(cart, fields[name] if countries else None),
        saves_address="save_address" in request.form or not _typed(),
    )


def country_name(code: str) -> str:
    """The name of a country in the language of this page."""
    return str(Locale.parse(language()).territories.get(code, code))


def _typed() -> dict[str, str | None]:
    """The fields of a rejected form; nothing before that."""
    if f"{PREFIX}country" not in request.form:
        return {}
    return {PREFIX + name: get_typed(PREFIX + name) for name in Address.model_fields}


def _known_address(who: Shopper, order: Order | None) -> Address | None:
    """The address of the order that the cart became, else the one that the member saved."""
    return (order and order.address) or services().address_book.find(who.user_id)
