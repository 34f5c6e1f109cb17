"""The cart holds what it is given, refuses nonsense and survives it in its session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.errors import InvalidForm, UnknownProduct
from storefront.payments.money import Money
from storefront.shop.cart import MOST_OF_ONE, Cart
from storefront.shop.catalogue import Catalogue

CATALOGUE = Catalogue.in_currency("THB")


def cart_with(**quantities):
    cart = Cart.from_session(None, CATALOGUE, "THB")
    for sku, quantity in quantities.items():
        cart.add(sku, quantity)
    return cart


def test_total_is_the_sum_of_the_lines():
    cart = cart_with(mug=2, lamp=1)

    assert cart.total == Money(2 * 39000 + 189000, "THB")
    assert cart.count == 3


def test_adding_again_increases_the_quantity():
    cart = cart_with(mug=1)

    cart.add("mug", 2)

    assert [(line.product.sku, line.quantity) for line in cart.lines] == [("mug", 3)]


def test_quantity_zero_removes_the_line():
    cart = cart_with(mug=1, lamp=1)

    cart.change("mug", 0)

    assert [line.product.sku for line in cart.lines] == ["lamp"]


@pytest.mark.parametrize("quantity", [0, -1, MOST_OF_ONE + 1])
def test_invalid_quantity_is_rejected_and_the_cart_kept(quantity):
    cart = cart_with(lamp=1)

    with pytest.raises(InvalidForm):
        cart.add("mug", quantity)

    assert cart.quantities == {"lamp": 1}


def test_unknown_product_cannot_be_added():
    with pytest.raises(UnknownProduct):
        cart_with(yacht=1)


def test_cart_is_restored_from_the_session():
    cart = cart_with(mug=2, stool=1)

    again = Cart.from_session(cart.to_session(), CATALOGUE, "THB")

    assert (again.key, again.quantities) == (cart.key, cart.quantities)


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(nonsense | st.fixed_dictionaries({"key": nonsense, "quantities": nonsense}))
def test_invalid_entries_of_the_session_are_left_out(kept):
    cart = Cart.from_session(kept, CATALOGUE, "THB")

    assert cart.total.amount >= 0
    assert cart.key


def test_every_product_has_a_price_in_every_currency_and_a_picture():
    from storefront.payments.methods import CHARGE_LIMITS
    from tests.support.programs import ROOT

    for currency, (least, most) in CHARGE_LIMITS.items():
        for product in Catalogue.in_currency(currency):
            assert least <= product.price.amount <= most
            assert (ROOT / "static" / product.picture).is_file()
