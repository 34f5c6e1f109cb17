"""A short storm; `make chaos` is the long one."""

import pytest

from bench.chaos.storm import Plan, run


@pytest.mark.timeout(900)  # bounded by itself; a busy machine makes more attempts unknown
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_after_chaos_the_two_ledgers_agree(kind):
    counts, problems = run(kind, Plan(checkouts=30, shoppers=10, seed=4, pause=1.0))

    assert problems == []
    assert counts.seen["checkouts"] == 30
    assert counts.seen["shop workers killed"]
    assert sum(counts.faults.values()) > 20
