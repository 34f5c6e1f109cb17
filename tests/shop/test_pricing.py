"""What an order costs: goods, shipping by country, and the tax that both include."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.payments.methods import CHARGE_LIMITS
from storefront.payments.money import Money
from storefront.shop.cart import Cart
from storefront.shop.catalogue import Catalogue
from storefront.shop.pricing import Pricing, included_tax
from storefront.shop.shipping import ShippingRate, ShippingRates


def baht(amount):
    return Money(amount, "THB")


RATES = ShippingRates(
    {"TH": ShippingRate(baht(5000), free_from=baht(100000)), "JP": ShippingRate(baht(45000))}
)


@pytest.fixture
def pricing():
    return Pricing(RATES, 700)


def cart_of(**quantities):
    return Cart(Catalogue.in_currency("THB"), "THB", "key", quantities)


@pytest.mark.parametrize(
    ("cart", "country", "shipping"),
    [
        ({"mug": 1}, "TH", 5000),
        ({"mug": 2}, "TH", 5000),
        ({"mug": 3}, "TH", 0),
        ({"mug": 3}, "JP", 45000),
    ],
)
def test_shipping_is_a_flat_rate_until_it_is_free(pricing, cart, country, shipping):
    totals = pricing.totals(cart_of(**cart), country)

    assert totals.shipping == baht(shipping)
    assert totals.total == totals.subtotal + baht(shipping)


def test_shipping_is_free_from_the_very_amount():
    rate = ShippingRate(baht(5000), free_from=baht(100000))

    assert (rate.of(baht(99999)), rate.of(baht(100000))) == (baht(5000), baht(0))


def test_nothing_is_added_for_what_is_not_delivered(pricing):
    totals = pricing.totals(cart_of(mug=1), None)

    assert (totals.shipping, totals.total) == (None, baht(39000))


def test_tax_is_that_of_goods_and_shipping(pricing):
    assert pricing.totals(cart_of(mug=1), "TH").tax == baht(2879)  # 44000 * 7 / 107


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_tax_on_the_rest_is_the_tax_to_half_a_unit(total, basis_points):
    tax = included_tax(baht(total), basis_points).amount

    exact = Decimal(total) * basis_points / (10_000 + basis_points)
    assert 0 <= tax <= total
    assert abs(tax - exact) <= Decimal("0.5")


@pytest.mark.parametrize("currency", CHARGE_LIMITS)
def test_every_country_has_a_rate_in_every_currency(currency):
    rates = ShippingRates.in_currency(currency)

    assert len(rates) > 1
    assert all(rates[country].rate.currency == currency for country in rates)


def test_home_country_comes_first_and_the_others_keep_their_order():
    listed = list(ShippingRates.in_currency("JPY"))

    assert list(ShippingRates.in_currency("JPY", "JP")) == [
        "JP",
        *(country for country in listed if country != "JP"),
    ]
    assert list(ShippingRates.in_currency("JPY", "NZ")) == listed
