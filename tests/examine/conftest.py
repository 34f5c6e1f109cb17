"""A naive shop, its recipe, and its examination."""

import pytest

from omise_sandbox.examine.buyers import buyers_for
from omise_sandbox.examine.recipe_file import parse
from omise_sandbox.examine.report import is_bad
from omise_sandbox.examine.runner import Examination
from omise_sandbox.examine.scenarios import CATALOGUE
from tests.examine.naive_shop import NaiveShop

#: The scenarios that find a shop which charges again, and one for which a lost answer is a failure.
CHARGED_AGAIN = {
    "answer-lost-then-paid-again",
    "back-and-pay-again",
    "reload",
    "two-clicks",
    "two-tabs",
}
LOST_ANSWERS = {
    "answer-garbage",
    "answer-lost-after-the-charge",
    "answer-lost-then-paid-again",
}


def recipe_of(shop, world):
    """How to buy at the naive shop."""
    return {
        "name": "A naive shop",
        "shop": shop.url,
        "public_key": world.public_key,
        "secret_key": world.secret_key,
        "webhook": "/webhook",
        "webhook_secret": "c2VjcmV0",
        "settle": 0,
        "finds_out": 0,
        "hanging": 1,
        "values": {"amount": "100000", "currency": "thb", "customer": "", "card": ""},
        "buy": [
            {"request": "GET /checkout", "take": {"order": "input[name=order]"}},
            {
                "request": "POST /pay",
                "form": {
                    name: f"{{{name}}}"
                    for name in ("token", "order", "amount", "currency", "customer", "card")
                },
            },
        ],
        "promptpay": [
            {"request": "GET /checkout", "take": {"order": "input[name=order]"}},
            {"request": "POST /scan", "form": {"order": "{order}"}},
        ],
        "refund": [{"request": "POST /refund", "form": {"order": "{order}"}}],
        "status": {"request": "GET /status/{order}"},
        "result": [
            {"means": said, "json": "status", "equals": said}
            for said in ("paid", "declined", "pending", "refunded")
        ],
    }


@pytest.fixture
def naive_shop(world):
    """The shop, without a mistake."""
    shop = NaiveShop(world)
    yield shop
    shop.close()


@pytest.fixture
def examined(naive_shop, world):
    """Examines the shop with these mistakes: the outcomes by name of scenario."""

    def examined(*mistakes, scenarios=CATALOGUE, seed=None):
        naive_shop.mistakes = set(mistakes)
        recipe = parse(recipe_of(naive_shop, world))
        with buyers_for(recipe) as make_buyer:
            examination = Examination(recipe, world.url, make_buyer)
            examination.check()
            order = examination.in_order(scenarios, seed)
            return {scenario.name: examination.run(scenario) for scenario in order}

    return examined


def bad(outcomes):
    """The names of the scenarios that found something."""
    return {name for name, outcome in outcomes.items() if is_bad(outcome)}
