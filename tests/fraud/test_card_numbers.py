"""Card numbers are told from other digits."""

import pytest

from storefront.fraud.card_numbers import contains_card_number, passes_luhn


@pytest.mark.parametrize("number", ["4242424242424242", "378282246310005", "6447032400000000001"])
def test_card_numbers_pass_the_luhn_check(number):
    assert passes_luhn(number)


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "card=4242 4242 4242 4242&x=1",
        "4242-4242-4242-4242",
        '{"number": 5555555555554444}',
        "378282246310005",
        "\uff14\uff12" * 8,
    ],
)
def test_card_number_is_detected(text):
    assert contains_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424241",
        "tokn_test_4242424242424242",
        "424242424242",
        "order 20261121",
        "42424242424242424242",
        "a4242424242424242",
        "120210482361710231",  # an id of an advertisement
        "1302485719203456783",
        "490154203237518",  # an IMEI
        "1764170400000009",  # a time in microseconds
        "",
    ],
)
def test_other_digits_are_accepted(text):
    assert not contains_card_number(text)
