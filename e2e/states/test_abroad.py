"""Pages of shops in other countries, whose payment methods differ."""

import pytest

from e2e.states.scene import Scene, checkout, choose, pay_by, problems_in
from e2e.support.screens import look_only

#: The currency of the shop, the country of its account, what is arranged, and what is done then.
STATES = {
    "checkout, bank": ("MYR", "MY", checkout, choose("fpx")),
    "payment number": (
        "JPY",
        "JP",
        pay_by("Convenience store, Pay-easy or online banking"),
        look_only,
    ),
}


@pytest.mark.parametrize(
    ("shop_settings", "country", "arrange", "act"),
    [({"STORE_CURRENCY": currency}, *rest) for currency, *rest in STATES.values()],
    ids=list(STATES),
    indirect=["shop_settings"],
    scope="session",
)
def test_page(country, arrange, act, shopper, world, shop):
    world.change_settings(country=country)

    assert problems_in(Scene(shopper, world, shop), arrange, act) == []
