"""Seeding: a plausible history, created as the API does, the same each time."""

import pytest
import requests

from omise_sandbox.simulation.seeding import SCENARIOS
from omise_sandbox.testing.world import World
from tests.sandbox.conftest import error_of

DAY = 24 * 60 * 60


def seed(merchant, **plan):
    """Seed the world."""
    return merchant.control("POST", "seed", plan)


def test_every_scenario_occurs(merchant):
    told = seed(merchant, charges=400, customers=20, days=30)

    assert told["customers"] == merchant.api.get("/customers").json()["total"] == 20
    assert told["charges"].keys() == SCENARIOS.keys()
    assert sum(told["charges"].values()) == merchant.api.get("/charges").json()["total"] == 400


def test_seeded_balance_adds_up(merchant):
    seed(merchant, charges=200)
    charges = [
        charge
        for offset in (0, 100)
        for charge in merchant.api.get("/charges", limit=100, offset=offset).json()["data"]
    ]

    refunded = sum(charge["refunded_amount"] for charge in charges)
    refunds = merchant.api.get("/refunds", limit=100).json()
    created = [key for key in merchant.events() if key == "charge.create"]

    assert refunded == sum(refund["amount"] for refund in refunds["data"]) > 0
    assert len(created) > 0
    assert {charge["status"] for charge in charges} >= {"successful", "failed", "reversed"}


def test_seeded_objects_lie_in_the_past_days(merchant):
    merchant.control("POST", "clock", {"frozen": True})
    before = merchant.control("GET", "clock")
    seed(merchant, charges=50, days=10)

    charges = merchant.api.get("/charges", limit=100).json()["data"]
    times = [charge["created_at"] for charge in charges]

    assert times == sorted(times)
    assert times[-1] <= before["now"]
    assert len({time[:10] for time in times}) >= 9
    after = merchant.control("GET", "clock")
    assert (after["now"], after["frozen"]) == (before["now"], True)


def test_seeding_does_not_delay_the_clock(merchant):
    seed(merchant, charges=2000)

    assert merchant.control("GET", "clock")["offset"] == pytest.approx(0, abs=0.05)


def test_seeded_charges_have_orders_and_bank_pages(merchant):
    seed(merchant, charges=200)

    charges = merchant.api.get("/charges", limit=100).json()["data"]

    assert [charge["metadata"]["order"] for charge in charges[:2]] == ["1001", "1002"]
    assert {charge["source"]["type"] for charge in charges if charge["source"]} == {"promptpay"}
    pages = {charge["authorize_uri"] for charge in charges if charge["return_uri"]}
    assert all(page.startswith(merchant.url) for page in pages)


def test_same_seed_gives_the_same_history(sandbox_url):
    def history(seed):
        world = World.new(sandbox_url, seed=seed)
        world.control("POST", "clock", {"frozen": True, "now": "2026-01-01"})
        world.control("POST", "seed", {"charges": 60, "customers": 5})
        return [
            (charge["id"], charge["amount"], charge["status"], charge["customer"])
            for charge in world.charges()
        ]

    assert history(7) == history(7)
    assert history(7) != history(8)


def test_seeding_sends_no_webhooks(merchant, receiver):
    seed(merchant, charges=20)
    merchant.control("POST", "clock", {"advance": 60})

    assert receiver.taken.empty()
    assert merchant.control("GET", "settings")["webhook_url"] == receiver.url


def test_seeded_world_works_normally(merchant):
    seed(merchant, charges=20)

    charge = merchant.charge()

    assert merchant.api.get("/charges", order="reverse_chronological").json()["data"][0] == charge


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"charges": -1}, "charges must be a number from 0"),
        ({"charges": "many"}, "charges must be a number from 0"),
        ({"days": 4000}, "days must be a number from 0"),
        ({"orders": 5}, "orders is unknown"),
    ],
)
def test_invalid_plan_is_rejected(merchant, plan, words):
    answer = requests.post(
        f"{merchant.url}/_sandbox/seed", json=plan, auth=(merchant.api.key, ""), timeout=5
    )

    assert error_of(answer) == (400, "bad_request")
    assert words in answer.json()["message"]


def test_only_an_empty_world_can_be_seeded(merchant):
    merchant.charge()

    answer = requests.post(f"{merchant.url}/_sandbox/seed", auth=(merchant.api.key, ""), timeout=5)

    assert error_of(answer) == (400, "bad_request")
    assert merchant.api.get("/charges").json()["total"] == 1
