"""The table of goals: what was measured, against what, and whether it is what it should be."""

from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/performance.md"

BEGIN, END = "<!-- goals: written by `make bench` -->", "<!-- end of goals -->"

HEADER = "| what | measured | against | ratio | goal | met |\n|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Goal:
    """One row of the table."""

    what: str
    measured: str
    against: str
    value: float  #: what is compared with the limit
    limit: float
    is_least: bool = False  #: whether the limit is the least, not the most
    unit: str = ""  #: of value and limit; a ratio has none

    @property
    def is_met(self):
        """Whether it was reached."""
        return self.value >= self.limit if self.is_least else self.value <= self.limit

    def __str__(self):
        sign = "≥" if self.is_least else "≤"
        ratio = "" if self.unit else f"{self.value:.2f}"
        goal = f"{sign} {self.limit:g}{self.unit}"
        met = "yes" if self.is_met else "no"
        return f"| {' | '.join((self.what, self.measured, self.against, ratio, goal, met))} |"


def show(goals):
    """Print rows as they are measured; gives them back."""
    for goal in goals:
        print(goal, flush=True)
    return goals


def missed(goals):
    """What to say about each goal that was not met."""
    late = [goal for goal in goals if not goal.is_met]
    return [f"{goal.what}: {goal.measured}, {goal.value:.2f}{goal.unit}" for goal in late]


def write(goals, note):
    """Write the table to the page on performance."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    table = "\n".join([HEADER, *map(str, goals)])
    PAGE.write_text(f"{before}{BEGIN}\n{note}\n\n{table}\n{END}{after}")
