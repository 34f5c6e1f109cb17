"""Card numbers are told from other digits."""

import random

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
        "4222222222222",
        "2223003122003222",
        "3530111333300000",
        "36227206271667",
        "6200000000000005",
        "6011111111111117",
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
        "120210482361710231",  # the id of an advert
        "1302485719203456783",
        "490154203237518",  # an IMEI, as long as an American Express number
        "1764180000006",  # a time in milliseconds
        "9999999999999995",  # of no issuer
        "42424242424242426",  # Visa has no numbers of 17 digits
        "",
    ],
)
def test_other_digits_are_accepted(text):
    assert not contains_card_number(text)


def test_few_random_numbers_look_like_cards():
    """Ids of other systems; with the check digit alone it would be one in ten."""
    rng = random.Random(1)
    ids = [str(rng.randrange(10**12, 10**19)) for _ in range(20_000)]

    assert sum(map(contains_card_number, ids)) / len(ids) < 0.03
