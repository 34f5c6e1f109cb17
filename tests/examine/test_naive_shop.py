"""Every planted mistake is found, and none is invented."""

from dataclasses import replace

import pytest

from omise_sandbox.examine.cards import DECLINED
from omise_sandbox.examine.http_buyer import HttpBuyer
from omise_sandbox.examine.recipe_file import parse
from omise_sandbox.examine.runner import Examination
from omise_sandbox.examine.scenarios import CATALOGUE
from omise_sandbox.testing import World
from tests.examine.conftest import CHARGED_AGAIN, LOST_ANSWERS, bad, recipe_of
from tests.examine.naive_shop import NaiveShop

#: Which scenarios find which mistake.
FOUND_BY = {
    "charges-again": CHARGED_AGAIN,
    "browser-amount": {"amount-changed", "currency-changed"},
    "foreign-customer": {"foreign-customer"},
    "foreign-card": {"foreign-card"},
    "lost-is-failed": LOST_ANSWERS,
    "lost-is-paid": {"answer-lost-before-the-charge"},
    "impatient": {"answer-hanging", "answer-slow"},
    "says-success": {
        "answer-500",
        "answer-503",
        "declined-then-paid",
        "token-expired",
        "token-used",
        *(f"declined-{name}" for name in DECLINED),
    },
    "trusts-return": {"3ds-cancelled", "3ds-declined", "3ds-forged-return"},
    "needs-cookie": {"3ds-return-without-cookies"},
    "return-once": {"3ds-return-twice"},
    "gives-up": {"3ds-approved-after-return"},
    "trusts-webhook": {
        "webhook-forged",
        "webhook-of-a-lower-amount",
        "webhook-old",
        "webhook-unsigned",
    },
    "any-charge": {"webhook-of-a-lower-amount", "webhook-of-another-charge"},
    "webhook-500": {
        "dispute-lost",
        "dispute-opened",
        "dispute-won",
        "refund-in-part",
        "webhook-on-time",
        "webhook-unknown-field",
        "webhook-unknown-key",
    },
    "never-asks": {"webhook-never"},
    "deaf": {
        "3ds-approved",
        "3ds-tab-closed",
        "promptpay-paid",
        "webhook-late",
        "webhook-reordered",
        "webhook-twice",
    },
    "code-is-paid": {"promptpay-expired"},
    "refunds-again": {"refund-with-two-clicks"},
    "ignores-refunds": {"refund-at-the-dashboard"},
    "dispute-is-decline": {"dispute-lost", "dispute-opened", "dispute-won"},
    "key-in-page": {"secret-key-in-a-page"},
    "no-csp": {"payment-page-without-csp"},
    "inline-scripts": {"payment-page-without-csp"},
}

#: What the recipe of this shop cannot show.
NOT_TRIED = {
    "card-data-at-the-shop",
    "payment-page-without-hsts",
    "shop-killed-during-the-charge",
    "shop-killed-then-paid-again",
}
#: A shop that gets these wrong sells nothing, or is found by another scenario before.
CONTROLS = {"ordinary-purchase", "webhook-early"}


def test_shop_without_mistakes_is_clean(examined):
    outcomes = examined()

    others = {name for name, outcome in outcomes.items() if outcome.verdict.value != "right"}
    assert others == NOT_TRIED
    assert {outcomes[name].verdict.value for name in others} == {"not tried"}
    assert sum(outcome.seconds for outcome in outcomes.values()) < 60


def test_bank_is_found_when_the_shop_knows_the_sandbox_by_another_name(examined, naive_shop):
    url = naive_shop.world.url.replace("127.0.0.1", "localhost")
    naive_shop.world = replace(naive_shop.world, url=url)
    rows = tuple(row for row in CATALOGUE if row.name == "3ds-approved")

    assert examined(scenarios=rows)["3ds-approved"].verdict.value == "right"


def test_every_scenario_can_find_something():
    names = {row.name for row in CATALOGUE}
    assert names - set().union(*FOUND_BY.values()) == CONTROLS | NOT_TRIED


def named(*names):
    """The scenarios with these names."""
    return tuple(row for row in CATALOGUE if row.name in names)


def test_shop_that_captures_later_is_examined(examined):
    again = "back-and-pay-again"
    rows = named("ordinary-purchase", "declined-then-paid", "3ds-approved", again)

    assert bad(examined("holds-money", scenarios=rows)) == set()
    assert bad(examined("holds-money", "charges-again", scenarios=rows)) == {again}


def test_shop_that_sends_every_card_to_the_bank_is_examined(sandbox_url):
    world = World.new(sandbox_url, three_ds="always")
    shop = NaiveShop(world)
    try:
        recipe = parse(recipe_of(shop, world))
        examination = Examination(recipe, world.url, HttpBuyer)
        examination.check()
        rows = named("ordinary-purchase", "reload", "refund-in-part")
        assert [examination.run(row).verdict.value for row in rows] == ["right"] * 3
    finally:
        shop.close()


@pytest.mark.parametrize("mistake", FOUND_BY)
def test_mistake_is_found(examined, mistake):
    rows = tuple(row for row in CATALOGUE if row.name in FOUND_BY[mistake])

    assert bad(examined(mistake, scenarios=rows)) == FOUND_BY[mistake]


def test_mistakes_are_found_together_and_gone_once_fixed(examined):
    # These do not hide one another; each fix takes its own scenarios out of the report.
    planted = ["charges-again", "browser-amount", "trusts-return", "webhook-500", "no-csp"]
    rows = tuple(
        row for row in CATALOGUE if any(row.name in FOUND_BY[mistake] for mistake in planted)
    )
    while planted:
        expected = set().union(*(FOUND_BY[mistake] for mistake in planted))
        assert bad(examined(*planted, scenarios=rows)) == expected
        planted.pop()
    assert bad(examined(scenarios=rows)) == set()
