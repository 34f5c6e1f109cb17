"""The catalogue: every scenario, in the order in which they run."""

from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.scenarios import (
    answers,
    clicks,
    declines,
    disputes,
    pages,
    processes,
    qr_codes,
    refunds,
    tampering,
    three_ds,
    webhooks,
)

CATALOGUE: tuple[Scenario, ...] = (
    *clicks.SCENARIOS,
    *answers.SCENARIOS,
    *declines.SCENARIOS,
    *three_ds.SCENARIOS,
    *webhooks.SCENARIOS,
    *tampering.SCENARIOS,
    *refunds.SCENARIOS,
    *disputes.SCENARIOS,
    *qr_codes.SCENARIOS,
    *pages.SCENARIOS,
    *processes.SCENARIOS,
)
