"""Buys at a shop while the recorder watches, and prints the recipe.

`python -m tests.examine.record_purchase URL PAID PROGRAM NUMBER`. It needs a process of its own,
because each runs one Playwright.
"""

import sys

from omise_sandbox.examine.browser import browser_for
from omise_sandbox.examine.recipe import RecipeError
from omise_sandbox.examine.record import Recorder

CARD = {"cc-name": "SOMCHAI PRASERT", "cc-exp": "12/40", "cc-csc": "947"}


def main(url, paid, program, number):
    """Fill in the card, pay, and wait for the text `paid`."""
    with browser_for([url], program or None) as browser:
        page = browser.new_page()
        recorder = Recorder(page)
        page.goto(url)
        page.get_by_role("button", name="Pay by card").click()
        for purpose, text in {**CARD, "cc-number": number}.items():
            page.locator(f"[autocomplete={purpose}]").press_sequentially(text)
        page.get_by_role("button", name="Pay now").click()
        recorder.wait_for(paid)
        sys.stdout.write(recorder.recipe(url, paid))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except RecipeError as error:
        sys.exit(str(error))
