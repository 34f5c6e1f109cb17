"""What other programs write where the engine reads: the metadata of charges and refunds."""

from datetime import timedelta

import pytest

from storefront.payments.omise import Charge, Refund

DAY = timedelta(days=1)

#: Any value of JSON, and texts that PostgreSQL does not store.
ANYTHING = [None, True, 7, 1.5, "", "\0", "\ud800", [], [[1]], {}, {"try": 1}]


@pytest.mark.parametrize("given", [{"try": 1}, [1], 7, True, "a\0b"], ids=str)
def test_foreign_metadata_stops_nothing(engine_with, asks_for, world, clock, given, database):
    """Another program with the same keys has its own idea of `metadata.attempt`."""
    engine = engine_with()
    charge = {"amount": 10000, "currency": "THB", "card": world.token()}
    foreign = world.api("POST", "/charges", {**charge, "metadata": {"attempt": given}})
    world.fails("POST", "/charges", "drop_after")
    engine.service.pay(asks_for("A1"))

    engine.resolver.payment("A1")
    assert engine.repository.get("A1").status == "paid"
    engine.resolver.sync_charge(foreign["id"])
    report = engine.reconciler.run(clock() - DAY, clock())

    assert [each.charge_id for each in report.discrepancies] == [foreign["id"]]


@pytest.mark.parametrize("given", ANYTHING, ids=repr)
def test_metadata_of_any_type_is_readable(world, given):
    charge = world.api(
        "POST", "/charges", {"amount": 10000, "currency": "THB", "card": world.token()}
    )
    refund = world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": 100})

    assert isinstance(Charge.from_json({**charge, "metadata": given}).metadata, dict)
    assert isinstance(Refund.from_json({**refund, "metadata": given}).metadata, dict)
