"""``omise-sandbox examine``: buys at a shop while things go wrong, and reports what it did."""

import sys
from argparse import ArgumentParser, Namespace
from fnmatch import fnmatch
from pathlib import Path

from requests import RequestException

from omise_sandbox.commands.client import SANDBOX
from omise_sandbox.examine import report, report_page
from omise_sandbox.examine.buyers import buyers_for
from omise_sandbox.examine.recipe import Recipe, RecipeError
from omise_sandbox.examine.recipe_file import load
from omise_sandbox.examine.runner import Examination, Outcome
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.scenarios import CATALOGUE

UNUSABLE = 4


def main(words: list[str]) -> int:
    """Examine a shop, or record how to buy there. The exit status, by the worst verdict."""
    parser = _parser()
    options = parser.parse_args(words)
    chosen = tuple(row for row in CATALOGUE if _is_chosen(row, options.only))
    if options.list:
        _print(*(f"{row.name:<32} {row.rule}" for row in chosen))
        return 0
    try:
        if options.record:
            return _record(parser, options)
        if options.recipe is None or not chosen:
            parser.error("name a recipe" if chosen else f"no scenario is called {options.only[-1]}")
        return _examine(load(options.recipe), chosen, options)
    except (RecipeError, RequestException) as error:
        print(f"omise-sandbox: {error}", file=sys.stderr)  # noqa: T201 - the output of a command
        return UNUSABLE


def _parser() -> ArgumentParser:
    parser = ArgumentParser("omise-sandbox examine", description="Examine a shop.")
    parser.add_argument("recipe", type=Path, nargs="?", help="a TOML file: how to buy at the shop")
    parser.add_argument("--url", default=SANDBOX, help="the sandbox of the shop (%(default)s)")
    parser.add_argument(
        "--only", action="append", metavar="PATTERN", help="such as 'webhook-*'; may be repeated"
    )
    parser.add_argument("--list", action="store_true", help="list the scenarios")
    parser.add_argument("--seed", type=int, help="run them in a random order, by this number")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit file")
    parser.add_argument("--browser", metavar="PROGRAM", help="the Chromium to use")
    parser.add_argument(
        "--record", metavar="URL", help="open a browser at a shop; buy once, and get a recipe"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write that recipe")
    parser.add_argument("--paid", metavar="TEXT", help="what the shop shows once an order is paid")
    return parser


def _is_chosen(scenario: Scenario, patterns: list[str] | None) -> bool:
    return patterns is None or any(fnmatch(scenario.name, pattern) for pattern in patterns)


def _examine(recipe: Recipe, chosen: tuple[Scenario, ...], options: Namespace) -> int:
    with buyers_for(recipe, options.browser) as make_buyer:
        examination = Examination(recipe, options.url, make_buyer)
        with examination.started():
            examination.check()
            outcomes = _run(examination, chosen, options.seed)
    if options.html:
        options.html.write_text(report_page.page(recipe.name, outcomes), "utf-8")
    if options.junit:
        options.junit.write_text(report.junit(recipe.name, outcomes), "utf-8")
    return report.exit_status(outcomes)


def _run(examination: Examination, chosen: tuple[Scenario, ...], seed: int | None) -> list[Outcome]:
    """Run the scenarios, with a line for each, and a bar on a terminal."""
    outcomes: list[Outcome] = []
    for scenario in examination.in_order(chosen, seed):
        _progress(report.progress(len(outcomes), len(chosen), scenario.name))
        outcomes.append(examination.run(scenario))
        _progress("")
        _print(report.line(outcomes[-1]))
    _print(report.summary(outcomes))
    return outcomes


def _record(parser: ArgumentParser, options: Namespace) -> int:
    """Write the recipe of a purchase that is made by hand."""
    if not options.out or not options.paid:
        parser.error("--record needs --out FILE and --paid TEXT")
    try:
        from omise_sandbox.examine import record  # only recording needs Playwright
    except ImportError as error:
        raise RecipeError('pip install "omise-sandbox[playwright]" to record') from error

    _print(record.instructions())
    recipe = record.record(options.record, options.paid, options.browser)
    options.out.write_text(recipe, "utf-8")
    _print(f"{options.out}: written")
    return 0


def _progress(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)  # noqa: T201 - the output of a command


def _print(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - the output of a command
