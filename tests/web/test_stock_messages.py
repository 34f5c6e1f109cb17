"""What the pages say of the stock, before anybody tries to pay."""

import re

import pytest


@pytest.fixture
def stock(parts):
    """The stockroom."""
    return parts.stockroom


def buttons(shopper):
    """The buttons of the page that add to the cart."""
    page = shopper.page.get_data(as_text=True)
    return re.findall(r"<button[^>]*>Add to cart</button>", page)


@pytest.mark.parametrize(
    ("count", "words"), [(None, []), (6, []), (5, ["Only 5 left"]), (1, ["Only 1 left"])]
)
def test_a_product_says_when_few_are_left(shopper, stock, count, words):
    stock.put("mug", count)

    shopper.sees("/products/mug")

    assert re.findall(r"Only \d+ left", shopper.text) == words
    assert buttons(shopper) == ['<button class="button">Add to cart</button>']


def test_no_more_can_be_chosen_than_are_left(shopper, stock):
    stock.put("mug", 3)

    page = shopper.sees("/products/mug").get_data(as_text=True)

    assert 'min="1" max="3"' in page


def test_what_is_sold_out_cannot_be_added(shopper, stock):
    stock.put("mug", 0)

    shopper.sees("/products/mug")

    assert "Sold out" in shopper.text
    assert "Sold out. Reserved items may become available again." in shopper.text
    (button,) = buttons(shopper)
    assert " disabled " in button


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (2, "Not enough in stock. Reduce the quantity to 2 or fewer."),
        (0, "remove to continue."),
    ],
)
def test_the_cart_says_what_cannot_be_had(shopper, stock, left, words):
    shopper.puts_in_cart("mug", 3)
    stock.put("mug", left)

    shopper.sees("/cart")

    assert words in shopper.text


def test_what_ones_own_order_has_taken_is_not_missing(shopper, stock):
    stock.put("mug", 1)
    shopper.puts_in_cart("mug")
    shopper.pays("4000000000003063")
    assert stock.left() == {"mug": 0}

    shopper.sees("/cart")

    assert "Sold out" not in shopper.text
    assert "Only 1 left" in shopper.text
