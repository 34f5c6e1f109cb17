"""The catalogue: every scenario, in the order in which they run."""

from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.scenarios import (
    answers,
    clicks,
    declines,
    pages,
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
    *pages.SCENARIOS,
)
