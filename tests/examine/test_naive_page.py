"""The browser buyer at the payment page of the naive shop: every planted mistake is found."""

import pytest

from tests.examine.command import examine

#: Which scenarios find which mistake.
FOUND_BY = {
    "charges-again": {"back-and-pay-again", "reload", "two-tabs"},
    "browser-amount": {"amount-changed", "currency-changed"},
    "card-leak": {"card-data-at-the-shop"},
}
#: Whether two clicks charge twice here depends on which of two requests the browser cancels.
OTHERS = {"3ds-approved", "ordinary-purchase", "token-expired", "token-used", "two-clicks"}

RECIPE = """
name = "The page of the naive shop"
shop = "{shop}"
public_key = "{public}"
secret_key = "{secret}"
settle = 0
finds_out = 1
fields = {{ amount = "amount", currency = "currency" }}
status = {{ request = "GET /status/{{order}}" }}

[[buy]]
open = "/page"
take = {{ order = "input[name=order]" }}
[[buy]]
press = "button=Pay by card"
[[buy]]
fill = "autocomplete=cc-name"
with = "{{card_name}}"
[[buy]]
fill = "autocomplete=cc-number"
with = "{{card_number}}"
[[buy]]
fill = "autocomplete=cc-exp"
with = "{{card_expiry}}"
[[buy]]
fill = "autocomplete=cc-csc"
with = "{{card_code}}"
[[buy]]
press = "button=Pay now"

[[result]]
means = "paid"
text = '"status":"paid"'
[[result]]
means = "declined"
text = '"status":"declined"'
[[result]]
means = "pending"
text = '"status":"pending"'
"""


@pytest.fixture
def report(naive_shop, world, tmp_path):
    """Examines the page with these mistakes, by these scenarios: the report."""

    def report(mistakes, scenarios):
        naive_shop.mistakes = set(mistakes)
        recipe = tmp_path / "page.toml"
        keys = {"public": world.public_key, "secret": world.secret_key}
        recipe.write_text(RECIPE.format(shop=naive_shop.url, **keys))
        chosen = [word for name in sorted(scenarios) for word in ("--only", name)]
        return examine(recipe, world.url, *chosen)

    return report


def test_page_without_mistakes_is_clean(report):
    done = report((), OTHERS.union(*FOUND_BY.values()))

    assert done.told == {}
    assert done.skipped == {}
    assert done.status == 0


def test_mistakes_are_found(report):
    # Starting a browser takes long, so they are planted together; no scenario finds two of them.
    expected = set().union(*FOUND_BY.values())
    told = report(("slow-page", *FOUND_BY), expected).told

    assert set(told) == expected
    assert told["two-tabs"] == "one purchase was charged 2 times"
    assert told["amount-changed"] == "charged 2000 thb instead of 100000 thb"
    assert "/pay" in told["card-data-at-the-shop"]
