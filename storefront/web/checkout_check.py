"""What the shop would refuse of a checkout, found before the card becomes a token."""

from collections.abc import Mapping

from flask import request

from storefront.container import services
from storefront.errors import InvalidForm, OutOfStock
from storefront.payments.errors import CardNotFound
from storefront.shop.cart import Cart
from storefront.shop.shopper import Shopper
from storefront.web.forms import ChargeForm
from storefront.web.language import translate

#: In place of the token that the form does not have yet.
PLACEHOLDER = "tokn_test_0"


def form_problems(shopper: Shopper) -> dict[str, str]:
    """What is wrong with the fields of the form, by the rules of `POST /charge`."""
    fields = dict(request.form)
    if not fields.get("card"):
        fields["token"] = PLACEHOLDER
    try:
        ChargeForm.parse(
            fields, needs_email=not shopper.is_member, countries=services().pricing.countries
        )
    except InvalidForm as invalid:
        return {field: translate(problem) for field, problem in invalid.problems.items()}
    except CardNotFound:  # the payment says so, and sends no card
        pass
    return {}


def short_lines(basket: Cart) -> dict[str, OutOfStock]:
    """The products of which less is in stock than the cart holds."""
    return short_of(basket, services().inventory.available(basket.key))


def short_of(basket: Cart, levels: Mapping[str, int]) -> dict[str, OutOfStock]:
    """The same, by stock levels that are known."""
    return {
        line.product.sku: OutOfStock(line.product.name, levels[line.product.sku])
        for line in basket.lines
        if levels.get(line.product.sku, line.quantity) < line.quantity
    }
