"""``omise-sandbox examine``: buys at a shop while things go wrong, and reports what it did."""

import sys
from argparse import ArgumentParser
from fnmatch import fnmatch
from pathlib import Path

from requests import RequestException

from omise_sandbox.commands.client import SANDBOX
from omise_sandbox.examine import report
from omise_sandbox.examine.recipe import RecipeError, load
from omise_sandbox.examine.runner import Examination, Outcome
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.scenarios import CATALOGUE

UNUSABLE = 4


def main(words: list[str]) -> int:
    """Examine a shop. The exit status, by the worst verdict."""
    parser = ArgumentParser("omise-sandbox examine", description="Examine a shop.")
    parser.add_argument("recipe", type=Path, nargs="?", help="a TOML file: how to buy at the shop")
    parser.add_argument("--url", default=SANDBOX, help="the sandbox of the shop (%(default)s)")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="such as 'webhook-*'")
    parser.add_argument("--list", action="store_true", help="list the scenarios")
    parser.add_argument("--seed", type=int, help="run them in a random order, by this number")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit file")
    options = parser.parse_args(words)
    chosen = tuple(row for row in CATALOGUE if fnmatch(row.name, options.only))
    if options.list:
        _print(*(f"{row.name:<32} {row.rule}" for row in chosen))
        return 0
    if options.recipe is None or not chosen:
        parser.error("name a recipe" if chosen else f"no scenario is called {options.only}")
    try:
        recipe = load(options.recipe)
        outcomes = _run(Examination(recipe, options.url), chosen, options.seed)
    except (RecipeError, RequestException) as error:
        print(f"omise-sandbox: {error}", file=sys.stderr)  # noqa: T201 - the output of a command
        return UNUSABLE
    if options.html:
        options.html.write_text(report.html(recipe.name, outcomes), "utf-8")
    if options.junit:
        options.junit.write_text(report.junit(recipe.name, outcomes), "utf-8")
    return report.exit_status(outcomes)


def _run(examination: Examination, chosen: tuple[Scenario, ...], seed: int | None) -> list[Outcome]:
    """Run the scenarios, with a line for each."""
    examination.check()
    outcomes = []
    for outcome in examination.run(chosen, seed):
        outcomes.append(outcome)
        _print(f"{len(outcomes):>2}/{len(chosen)} {report.line(outcome)}")
    _print(report.summary(outcomes))
    return outcomes


def _print(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - the output of a command
