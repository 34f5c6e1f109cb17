"""A short run of `make chaos`."""

import pytest

from bench.chaos.run import Plan, run


@pytest.mark.timeout(900)  # bounded by itself; a busy machine makes more attempts unknown
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_records_match_the_charges_after_chaos(kind):
    plan = Plan(
        checkouts=15,
        shoppers=8,
        seed=4,
        pause=1.0,
        workers=2,
        calm=0.5,
        hang=2,
        freeze=2,
        slow_clients=8,
    )
    counts, problems = run(kind, plan)

    assert problems == []
    assert counts.seen["checkouts"] == 15
    assert counts.seen["shop workers killed"] > 1
    assert sum(counts.faults.values()) > 10
