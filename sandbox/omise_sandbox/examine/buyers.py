"""Chooses the buyer of a recipe."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from omise_sandbox.examine.http_buyer import HttpBuyer
from omise_sandbox.examine.recipe import Recipe, RecipeError
from omise_sandbox.examine.runner import MakeBuyer


@contextmanager
def buyers_for(recipe: Recipe, program: str | None = None) -> Iterator[MakeBuyer]:
    """What makes the buyers of a recipe; `program` is the browser, if it needs one.

    Raises:
        RecipeError: when it needs a browser, and there is none.
    """
    if not recipe.in_browser:
        yield HttpBuyer
        return
    try:
        from omise_sandbox.examine.browser import browser_for  # only recipes with a browser need it
        from omise_sandbox.examine.browser_buyer import BrowserBuyer
    except ImportError as error:
        raise RecipeError(
            'a recipe with a browser needs Playwright: pip install "omise-sandbox[playwright]"'
        ) from error
    with browser_for((recipe.shop, *recipe.hosts), program) as browser:
        yield partial(BrowserBuyer, browser)
