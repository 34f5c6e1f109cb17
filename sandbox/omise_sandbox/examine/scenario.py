"""A scenario: one thing that happens to payments, and the rule that a right shop keeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from omise_sandbox.examine.case import Case

Run = Callable[[Case], None]


@dataclass(frozen=True)
class Scenario:
    """A row of the catalogue. `run` notes findings in the case, or raises `NotTried`."""

    name: str
    rule: str
    source: str
    fix: str
    run: Run


def scenarios(rule: str, source: str, fix: str, runs: Mapping[str, Run]) -> tuple[Scenario, ...]:
    """Rows that share a rule, by name."""
    return tuple(Scenario(name, rule, source, fix, run) for name, run in runs.items())
