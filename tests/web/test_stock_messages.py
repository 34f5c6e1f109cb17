"""Messages about the stock on the pages before the payment."""

import re

import pytest


@pytest.fixture
def stock(services):
    """The inventory."""
    return services.inventory


def buttons(shopper):
    """The "Add to cart" buttons of the page."""
    page = shopper.page.get_data(as_text=True)
    return re.findall(r"<button[^>]*>Add to cart</button>", page)


@pytest.mark.parametrize(
    ("count", "messages"), [(None, []), (6, []), (5, ["Only 5 left"]), (1, ["Only 1 left"])]
)
def test_product_page_warns_about_low_stock(shopper, stock, count, messages):
    stock.set_level("mug", count)

    shopper.sees("/products/mug")

    assert re.findall(r"Only \d+ left", shopper.text) == messages
    assert buttons(shopper) == ['<button class="button">Add to cart</button>']


def test_quantity_is_limited_to_the_stock(shopper, stock):
    stock.set_level("mug", 3)

    page = shopper.sees("/products/mug").get_data(as_text=True)

    assert 'min="1" max="3"' in page


def test_sold_out_product_cannot_be_added(shopper, stock):
    stock.set_level("mug", 0)

    shopper.sees("/products/mug")

    assert "Sold out" in shopper.text
    assert "Reserved items may become available again." in shopper.text
    (button,) = buttons(shopper)
    assert " disabled " in button


@pytest.mark.parametrize(
    ("left", "message"),
    [
        (2, "Not enough in stock. Reduce the quantity to 2 or fewer."),
        (0, "remove to continue."),
    ],
)
def test_cart_shows_missing_stock(shopper, stock, left, message):
    shopper.puts_in_cart("mug", 3)
    stock.set_level("mug", left)

    shopper.sees("/cart")

    assert message in shopper.text


def test_stock_reserved_by_the_own_order_counts_as_available(shopper, stock):
    stock.set_level("mug", 1)
    shopper.puts_in_cart("mug")
    shopper.pays("4000000000003063")
    assert stock.available() == {"mug": 0}

    shopper.sees("/cart")

    assert "Sold out" not in shopper.text
    assert "Only 1 left" in shopper.text


def test_home_page_marks_what_is_short(shopper, stock):
    stock.set_level("mug", 0)
    stock.set_level("lamp", 2)
    stock.set_level("stool", 50)

    shopper.sees("/")

    assert re.findall(r"Sold out|Only \d+ left", shopper.text) == ["Sold out", "Only 2 left"]


@pytest.mark.parametrize(("left", "is_offered"), [(3, True), (2, False), (0, False)])
def test_cart_that_cannot_be_bought_leads_to_no_checkout(shopper, stock, left, is_offered):
    shopper.puts_in_cart("mug", 3)
    stock.set_level("mug", left)

    page = shopper.sees("/cart").get_data(as_text=True)

    assert ('href="/checkout"' in page) is is_offered
    assert ("Change the items that are not in stock to check out." in page) is not is_offered


def test_checkout_offers_to_remove_what_is_sold_out(shopper, stock):
    shopper.puts_in_cart("mug")
    shopper.puts_in_cart("lamp")
    stock.set_level("mug", 0)

    page = shopper.sees("/checkout").get_data(as_text=True)
    shown = re.findall(r'data-remove="(\w+)"( hidden)?', page)
    shopper.submits("/checkout/remove-line", sku="mug")

    assert sorted(shown) == [("lamp", " hidden"), ("mug", "")]
    assert shopper.page.request.path == "/checkout"
    assert "Stoneware mug" not in shopper.text


def test_last_line_that_is_removed_leads_to_the_cart(shopper):
    shopper.puts_in_cart("mug")

    shopper.submits("/checkout/remove-line", sku="mug")

    assert shopper.page.request.path == "/cart"


def test_sold_out_line_is_named_before_the_card_is_sent(shopper, stock):
    shopper.puts_in_cart("mug", 3)
    stock.set_level("mug", 2)

    answer = shopper.sends("/checkout/check", email="a@example.com")

    assert answer.status_code == 422
    assert answer.json["sold_out"] == ["mug"]
    assert "only 2 left in stock" in answer.json["problems"]["amount"]
