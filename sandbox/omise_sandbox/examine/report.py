"""The report of an examination: lines for a terminal, JUnit XML, and the exit status."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from xml.sax.saxutils import quoteattr

from omise_sandbox.examine.runner import Outcome
from omise_sandbox.examine.verdicts import Verdict

#: The exit status by the worst verdict; 4 is for a recipe or a sandbox that does not work.
EXIT = {
    Verdict.RIGHT: 0,
    Verdict.NOT_TRIED: 0,
    Verdict.UNSAFE: 1,
    Verdict.TOLD: 2,
    Verdict.MONEY: 3,
}
BAR_WIDTH = 24


def is_bad(outcome: Outcome) -> bool:
    """Whether something is wrong."""
    return EXIT[outcome.verdict] > 0


def exit_status(outcomes: Sequence[Outcome]) -> int:
    """That of the worst verdict."""
    return max((EXIT[outcome.verdict] for outcome in outcomes), default=0)


def told(outcome: Outcome) -> str:
    """What was found, or why the scenario was not tried."""
    return "; ".join(text for text in outcome.texts if text)


def line(outcome: Outcome) -> str:
    """One outcome in one line."""
    texts = told(outcome)
    return f"{outcome.scenario.name:<32} {outcome.verdict.value}{': ' + texts if texts else ''}"


def progress(done: int, total: int, name: str) -> str:
    """A bar for a terminal, with the scenario that runs now."""
    filled = BAR_WIDTH * done // total
    return f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {done}/{total} {name}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """How many of each verdict."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    return ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])


def junit(name: str, outcomes: Sequence[Outcome]) -> str:
    """A JUnit file, for continuous integration."""
    cases = "".join(_junit_case(outcome) for outcome in outcomes)
    bad = sum(map(is_bad, outcomes))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name={quoteattr(name)} '
        f'tests="{len(outcomes)}" failures="{bad}">{cases}</testsuite>\n'
    )


def _junit_case(outcome: Outcome) -> str:
    message = quoteattr(told(outcome))
    inner = ""
    if is_bad(outcome):
        kind = quoteattr(outcome.verdict.value)
        inner = f"<failure type={kind} message={message}>{escape(outcome.scenario.fix)}</failure>"
    elif outcome.verdict is Verdict.NOT_TRIED:
        inner = f"<skipped message={message}/>"
    name = quoteattr(outcome.scenario.name)
    return f'<testcase name={name} time="{outcome.seconds:.3f}">{inner}</testcase>'
