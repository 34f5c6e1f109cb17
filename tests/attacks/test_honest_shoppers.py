"""Honest shoppers are not taken for attackers, and cannot be made to look like them."""

import pytest

from tests.support.crowd import Crowd, address


@pytest.fixture
def crowd(app, world):
    return Crowd(app, world)


@pytest.mark.parametrize("networks", [170, 1], ids=["many networks", "one network"])
def test_shoppers_at_their_bank_are_no_failures(crowd, app, world, networks):
    """A bank that is slow to ask says nothing about the card."""
    world.control("POST", "settings", {"three_ds": "always"})
    count = 170 if networks > 1 else 35

    answers = [
        crowd.pay(address(n % networks), f"h{n}@example.com", crowd.honest_card(n))
        for n in range(count)
    ]

    assert [answer.status_code for answer in answers] == [202] * count
    assert "shop_card_failures 0.0" in app.test_client().get("/metrics").get_data(as_text=True)


def test_outage_of_omise_counts_nobody(crowd, world):
    """Attempts with an unknown result are no failures."""
    world.fails("POST", "/charges", "status", status=500, times=40)

    answers = [crowd.pay("8.8.8.8", f"h{n}@example.com") for n in range(40)]

    assert {answer.status_code for answer in answers} == {202}
    assert crowd.pay("8.8.8.8", "next@example.com").status_code == 200
