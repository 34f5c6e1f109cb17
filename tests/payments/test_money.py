"""Money is a whole number of subunits of one currency after every operation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.payments.money import Money

amounts = st.integers(min_value=0, max_value=10**12)


@given(amounts, amounts)
def test_addition_is_exact(one, other):
    assert (Money(one, "THB") + Money(other, "THB")).amount == one + other


@given(amounts, st.integers(min_value=0, max_value=1000))
def test_multiplication_equals_repeated_addition(amount, count):
    one_by_one = Money.sum([Money(amount, "THB")] * count, "THB")

    assert Money(amount, "THB") * count == one_by_one


def test_currencies_do_not_mix():
    with pytest.raises(ValueError, match="cannot add JPY to THB"):
        Money(1, "THB") + Money(1, "JPY")


@pytest.mark.parametrize("amount", [1.0, "1", True, None])
def test_amount_is_a_whole_number(amount):
    with pytest.raises(TypeError, match="whole subunits"):
        Money(amount, "THB")


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (129000, "THB", "en", "฿1,290.00"),
        (129000, "THB", "th", "฿1,290.00"),
        (-39000, "THB", "en", "-฿390.00"),
        (-5, "SGD", "en", "-SGD 0.05"),
        (1680, "JPY", "en", "¥1,680"),
        (5, "SGD", "en", "SGD 0.05"),
        (1999, "MYR", "en", "MYR 19.99"),
    ],
)
def test_amount_is_shown_with_the_decimals_of_its_currency(amount, currency, locale, shown):
    assert Money(amount, currency).format(locale).replace("\N{NO-BREAK SPACE}", " ") == shown
