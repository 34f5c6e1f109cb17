"""A scenario: one thing that happens to payments, and the rule that a right shop keeps."""

from collections.abc import Callable
from dataclasses import dataclass

from omise_sandbox.examine.case import Case


@dataclass(frozen=True)
class Scenario:
    """A row of the catalogue. `run` notes findings in the case, or raises `NotTried`."""

    name: str
    rule: str
    source: str
    fix: str
    run: Callable[[Case], None]
