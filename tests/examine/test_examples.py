"""The recipes in `examples/`."""

import pytest

from omise_sandbox.examine.recipe import LOOPBACK, origin
from omise_sandbox.examine.recipe_file import load
from tests.support.programs import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_valid_and_buys_on_this_machine(path):
    recipe = load(path)

    assert origin(recipe.shop)[1].partition(":")[0] in LOOPBACK
    assert recipe.hosts == ()
    assert recipe.reads("paid")
    assert recipe.reads("declined")
