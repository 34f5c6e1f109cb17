"""Recipes: what is rejected, and what a recipe may reach."""

import pytest

from omise_sandbox.examine.http_buyer import HttpBuyer
from omise_sandbox.examine.reading import read
from omise_sandbox.examine.recipe import RecipeError, Values, filled
from omise_sandbox.examine.recipe_file import parse
from omise_sandbox.examine.runner import Examination

RECIPE = {
    "shop": "http://127.0.0.1:5000",
    "buy": [{"request": "POST /pay", "form": {"token": "{token}"}}],
    "result": [{"means": "paid", "text": "Thank you"}],
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shop": ""}, "no `shop`"),
        ({"colour": "blue"}, "unknown names: colour"),
        ({"timeout": "long"}, "`timeout` has a wrong type"),
        ({"shop": "ftp://127.0.0.1"}, "give an http or https URL"),
        ({"secret_key": "skey_000"}, "only test keys"),
        ({"public_key": "pkey_000"}, "only test keys"),
        ({"buy": [{"request": "POST /pay"}]}, "must send {token}"),
        ({"buy": [{"request": "BUY"}]}, "needs a request"),
        ({"result": [{"means": "rich", "text": "x"}]}, "has `means`"),
    ],
)
def test_bad_recipe_is_rejected_with_the_reason(change, message):
    with pytest.raises(RecipeError, match=message):
        parse(RECIPE | change)


def test_only_a_sandbox_on_this_machine_is_used():
    with pytest.raises(RecipeError, match="must be on this machine"):
        Examination(parse(RECIPE), "https://api.omise.co", HttpBuyer)


def test_only_named_hosts_are_allowed():
    recipe = parse(RECIPE | {"hosts": ["https://shop.test"]})

    assert recipe.allows("http://127.0.0.1:5000/x")
    assert recipe.allows("https://shop.test/x")
    assert not recipe.allows(f"{recipe.shop}@elsewhere.test/x")
    assert not recipe.allows("https://elsewhere.test/x")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("meta[name=csrf]@content", "abc"),
        ("input#cart", "7"),
        ("url:/orders/([A-Z]+)", "XY"),
        ("json:order.id", None),
        (".missing", None),
    ],
)
def test_values_are_read_from_a_page(source, value):
    page = '<meta name="csrf" content="abc"><input id="cart" value="7">'

    assert read(source, "http://shop.test/orders/XY", page) == value


def test_placeholder_alone_becomes_its_value():
    values: Values = {"amount": 100000, "order": "XY"}

    assert filled({"amount": "{amount}", "what": "{order}: {amount}"}, values) == {
        "amount": 100000,
        "what": "XY: 100000",
    }


def test_values_are_read_from_json():
    assert read("json:items.0.paid", "", '{"items": [{"paid": true}]}') == "true"
