"""Every page is valid HTML: each template, each status of an order, each page with errors.

The checks are in conftest.py; a page that breaks a rule fails the test that opens it.
"""

import pytest

from storefront.payments.statuses import PaymentStatus
from tests.support.flask_shopper import FlaskShopper
from tests.support.order_states import ORDER_STATES
from tests.support.page_rules import faults_in

VALID = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Mugs, a shop</title></head>
<body><h1>Mugs</h1>%s</body></html>"""

INVALID = {
    "<div><p>never closed</p>": "expected-one-end-tag",
    '<p id="a" id="b">twice</p>': "duplicate-attribute",
    "<table><tr><p>not in a cell</p></tr></table>": "table-voodoo",
    "<form><form></form></form>": "unexpected-start-tag",
    "<p>&nosuchthing; x</p>": "named-entity",
    "<h1>Another</h1>": "2 main headings",
    "<h3>Too low</h3>": "a rank of headings is skipped",
    "<h2></h2>": "an empty h2",
    '<p id="a">x</p><p id="a">y</p>': "2 elements are called 'a'",
    '<p aria-describedby="missing">x</p>': "refers to no 'missing'",
    '<a href="#nowhere">x</a>': "refers to no 'nowhere'",
    '<input id="a">': "has no label",
    '<label for="a"></label><input id="a">': "has no label",
    "<button></button>": "has no name",
    '<a href="/"><img src="a.svg" alt="" width="1" height="1"></a>': "has no name",
    '<img src="a.svg" width="1" height="1">': "has no alt",
    '<img src="a.svg" alt="">': "has no height, width",
    '<p style="color: red">x</p>': "has a style of its own",
    "<script>alert(1)</script>": "a script stands in the page",
    '<p onclick="alert(1)">x</p>': "has onclick",
}


def test_valid_page_has_no_faults():
    body = '<label for="a">Size</label><input id="a"><a href="#a"><b>Up</b></a>'

    assert faults_in(VALID % body) == []


@pytest.mark.parametrize(("body", "fault"), INVALID.items())
def test_each_rule_finds_its_fault(body, fault):
    assert fault in "\n".join(faults_in(VALID % body))


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (' lang="en"', "", "language"),
        ("<title>Mugs, a shop</title>", "", "title"),
        ("<title>Mugs, a shop</title>", "<title>Bowls</title>", "title"),
        ("<!doctype html>", "", "expected-doctype"),
    ],
)
def test_each_rule_of_the_head_finds_its_fault(right, wrong, fault):
    assert fault in "\n".join(faults_in((VALID % "").replace(right, wrong)))


@pytest.mark.parametrize("path", ["/", "/products/mug", "/cart", "/login", "/signup", "/nowhere"])
def test_public_pages(shopper, path):
    shopper.sees(path)

    assert shopper.page.mimetype == "text/html"


@pytest.mark.parametrize("path", ["/orders", "/cards", "/cart", "/checkout"])
def test_pages_of_a_member_with_orders_and_cards(shopper, world, path):
    shopper.signs_up()
    shopper.sends("/cards", token=world.token())
    shopper.puts_in_cart()
    shopper.pays()
    shopper.puts_in_cart("lamp", 3)

    shopper.sees(path)

    assert (shopper.page.status_code, shopper.page.request.path) == (200, path)


@pytest.mark.parametrize("path", ["/orders", "/cards"])
def test_pages_of_a_new_member(shopper, path):
    shopper.signs_up()

    assert shopper.sees(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/signup", {"email": "nonsense", "password": "short"}, 422),
        ("/login", {"email": "unknown@example.com", "password": "a wrong one"}, 422),
        ("/charge", {"email": "nonsense", "amount": "1"}, 200),
        ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "amount": "1"}, 200),
    ],
)
def test_pages_with_errors(shopper, path, fields, status):
    shopper.puts_in_cart()

    assert shopper.submits(path, **fields).status_code == status


def test_pages_while_saved_cards_are_unavailable(shopper, world):
    shopper.signs_up()
    shopper.sends("/cards", token=world.token())
    world.fails("GET", "/customers/*", "status", status=503, times=None)
    shopper.puts_in_cart()

    shopper.sees("/cards")
    assert "We cannot show your saved cards" in shopper.text
    shopper.sees("/checkout")

    assert "We cannot show your saved cards" in shopper.text


@pytest.mark.parametrize("status", PaymentStatus)
def test_order_page_of_each_status(shop_with, world, clock, status):
    happens, capture = ORDER_STATES[status]
    shopper = FlaskShopper(shop_with(capture=capture), world)
    shopper.puts_in_cart()
    happens(shopper, world, clock)

    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == status
