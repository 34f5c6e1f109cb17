"""The report as one HTML page that needs no other file."""

from collections.abc import Sequence
from html import escape

from omise_sandbox.examine.report import is_bad, summary, told
from omise_sandbox.examine.runner import Outcome
from omise_sandbox.examine.timeline import LANES, Entry
from omise_sandbox.examine.verdicts import Verdict

#: Verdict → the class of its row.
TONES = {
    Verdict.RIGHT: "right",
    Verdict.NOT_TRIED: "skipped",
    Verdict.UNSAFE: "unsafe",
    Verdict.TOLD: "wrong",
    Verdict.MONEY: "wrong",
}
STYLE = """
:root { color-scheme: light dark; --line: #8885; --soft: #8881 }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { display: inline; font-size: 1rem }
details, .row { border-top: 1px solid var(--line); padding: .6rem 0 }
summary { cursor: pointer }
.verdict { display: inline-block; min-width: 5.5rem; padding: 0 .5rem; margin-right: .5rem;
  border-radius: .3rem; color: #fff; text-align: center; font-size: .85rem }
.right { background: #1a7f37 } .skipped { background: #6e7781 }
.unsafe { background: #9a6700 } .wrong { background: #cf222e }
.lanes { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .8rem }
th, td { border: 1px solid var(--line); padding: .2rem .4rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere } th { background: var(--soft) }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums }
img { max-width: 100%; border: 1px solid var(--line) } dt { font-weight: 600 } dd { margin: 0 }
"""


def page(name: str, outcomes: Sequence[Outcome]) -> str:
    """The page: a summary, then each scenario; what is wrong comes first and is open."""
    order = sorted(outcomes, key=lambda outcome: tuple(Verdict).index(outcome.verdict))
    rows = "".join(map(_row, reversed(order)))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style><main><h1>{escape(name)}</h1>"
        f"<p>{escape(summary(outcomes))}</p>{rows}</main></html>\n"
    )


def _row(outcome: Outcome) -> str:
    scenario, texts = outcome.scenario, escape(told(outcome))
    short = outcome.verdict.value.partition(" (")[0]
    title = (
        f'<span class="verdict {TONES[outcome.verdict]}">{escape(short)}</span> '
        f"<h2>{escape(scenario.name)}</h2> {texts}"
    )
    if not is_bad(outcome):
        return f'<div class="row">{title}</div>'
    return (
        f"<details open><summary>{title}</summary><dl>"
        f"<dt>Verdict</dt><dd>{escape(outcome.verdict.value)}</dd>"
        f"<dt>Rule</dt><dd>{escape(scenario.rule)} Source: {escape(scenario.source)}</dd>"
        f"<dt>How to fix it</dt><dd>{escape(scenario.fix)}</dd></dl>"
        f"{_lanes(outcome.timeline)}{_picture(outcome)}</details>"
    )


def _lanes(timeline: Sequence[Entry]) -> str:
    start = timeline[0].at if timeline else 0
    head = "".join(f"<th>{lane}</th>" for lane in LANES)
    rows = "".join(_step(entry, start) for entry in timeline)
    return f'<div class="lanes"><table><tr><th>time</th>{head}</tr>{rows}</table></div>'


def _step(entry: Entry, start: float) -> str:
    cells = (escape(entry.text) if lane == entry.lane else "" for lane in LANES)
    after = f"{entry.at - start:.2f} s"
    return f"<tr><td>{after}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _picture(outcome: Outcome) -> str:
    if not outcome.picture:
        return ""
    name = escape(f"The page at the end of {outcome.scenario.name}")
    return f'<p><img alt="{name}" src="data:image/png;base64,{outcome.picture}"></p>'
