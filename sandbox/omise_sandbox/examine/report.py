"""The report of an examination: lines for a terminal, JUnit XML, and one HTML page."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from xml.sax.saxutils import quoteattr

from omise_sandbox.examine.case import Verdict
from omise_sandbox.examine.runner import Outcome

#: The exit status by the worst verdict; 4 is for a recipe or a sandbox that does not work.
EXIT = {
    Verdict.RIGHT: 0,
    Verdict.NOT_TRIED: 0,
    Verdict.UNSAFE: 1,
    Verdict.TOLD: 2,
    Verdict.MONEY: 3,
}
STYLE = "body{font:16px sans-serif;max-width:60em;margin:2em auto}pre{background:#8882;padding:1em}"


def is_bad(outcome: Outcome) -> bool:
    """Whether something is wrong."""
    return EXIT[outcome.verdict] > 0


def exit_status(outcomes: Sequence[Outcome]) -> int:
    """That of the worst verdict."""
    return max((EXIT[outcome.verdict] for outcome in outcomes), default=0)


def line(outcome: Outcome) -> str:
    """One outcome in one line."""
    told = "; ".join(text for text in outcome.texts if text)
    return f"{outcome.scenario.name:<32} {outcome.verdict.value}{': ' + told if told else ''}"


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
    told = quoteattr("; ".join(outcome.texts))
    inner = ""
    if is_bad(outcome):
        kind = quoteattr(outcome.verdict.value)
        inner = f"<failure type={kind} message={told}>{escape(outcome.scenario.fix)}</failure>"
    elif outcome.verdict is Verdict.NOT_TRIED:
        inner = f"<skipped message={told}/>"
    name = quoteattr(outcome.scenario.name)
    return f'<testcase name={name} time="{outcome.seconds:.3f}">{inner}</testcase>'


def html(name: str, outcomes: Sequence[Outcome]) -> str:
    """One page that needs no other file."""
    rows = "".join(map(_html_row, outcomes))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title>'
        f"<style>{STYLE}</style><h1>{escape(name)}</h1><p>{escape(summary(outcomes))}</p>{rows}"
    )


def _html_row(outcome: Outcome) -> str:
    scenario = outcome.scenario
    told = escape("; ".join(outcome.texts))
    title = f"<h2>{escape(scenario.name)}: {escape(outcome.verdict.value)}</h2><p>{told}</p>"
    if not is_bad(outcome):
        return title
    timeline = escape("\n".join(outcome.timeline))
    rule = f"{escape(scenario.rule)} ({escape(scenario.source)})"
    return f"{title}<p>Rule: {rule}</p><p>Fix: {escape(scenario.fix)}</p><pre>{timeline}</pre>"
