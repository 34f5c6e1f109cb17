"""For tests of a shop in any project: one scenario as one assertion."""

from pathlib import Path

from omise_sandbox.commands.client import SANDBOX
from omise_sandbox.examine import report
from omise_sandbox.examine.buyers import buyers_for
from omise_sandbox.examine.recipe_file import load
from omise_sandbox.examine.runner import Examination
from omise_sandbox.examine.scenarios import CATALOGUE
from omise_sandbox.examine.verdicts import Verdict


def expect_right(
    recipe: str | Path, scenario: str, *, url: str = SANDBOX, program: str | None = None
) -> None:
    """Go through a scenario at the shop of a recipe, with the sandbox at `url`.

    Raises:
        AssertionError: when the shop does something wrong, or the scenario cannot be tried.
        LookupError: when no scenario has this name.
        RecipeError: when the recipe or the sandbox does not work.
    """
    row = next((row for row in CATALOGUE if row.name == scenario), None)
    if row is None:
        raise LookupError(f"no scenario is called {scenario}")
    how = load(Path(recipe))
    with buyers_for(how, program) as make_buyer:
        examination = Examination(how, url, make_buyer)
        with examination.started():
            examination.check()
            outcome = examination.run(row)
    assert outcome.verdict is Verdict.RIGHT, report.line(outcome)  # noqa: S101 - a test helper
