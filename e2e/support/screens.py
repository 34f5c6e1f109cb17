"""Pages on every screen: a phone and a desktop, light and dark, and the narrowest width."""

import os
from collections.abc import Callable, Iterable
from itertools import product
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from e2e.support.accessibility import SCHEMES, Scheme, violations
from e2e.support.forms import submit_form
from e2e.support.viewport import TOO_WIDE

#: Each language of the shop, and what its pages call it.
LANGUAGES = {"en": "en-GB", "th": "th", "ja": "ja"}

PHONE, DESKTOP = 360, 1440

#: On which nothing scrolls sideways either.
NARROWEST = 320

EVERY_SCREEN: list[tuple[int, Scheme]] = list(product((PHONE, DESKTOP), SCHEMES))

#: Language → its screens. Colours depend on neither language nor width, so that every colour and
#: every width is looked at once; EVERY_SCREEN=1 looks at all of them in all languages.
SCREENS: dict[str, list[tuple[int, Scheme]]] = {
    "en": [(PHONE, "light"), (DESKTOP, "dark")],
    "th": [(PHONE, "light")],
    "ja": [(PHONE, "light")],
}


def problems_on_every_screen(
    page: Page, screens: Iterable[tuple[int, Scheme]] = EVERY_SCREEN
) -> list[str]:
    """What axe finds, and the widths at which the page scrolls sideways."""
    problems = []
    for width in (NARROWEST, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE) > 0:
            problems.append(f"{width}: scrolls sideways")
        schemes = tuple(scheme for at, scheme in screens if at == width)
        problems += [f"{width}, {violation}" for violation in violations(page, schemes)]
    return problems


def look_only(page: Page) -> None:
    """Do nothing on the page."""


def problems_in_every_language(
    page: Page, act: Callable[[Page], None] = look_only, path: str = ""
) -> list[str]:
    """What is wrong with a page on every screen, once `act` is done on it.

    Args:
        page: the page that is open.
        act: done in each language.
        path: opened in each language; that of the page, without its query, if empty.
    """
    path, problems = path or urlsplit(page.url).path, []
    for language, code in LANGUAGES.items():
        submit_form(page, "/login", "/language", language=language)
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", code)
        act(page)
        screens = EVERY_SCREEN if os.environ.get("EVERY_SCREEN") else SCREENS[language]
        found = problems_on_every_screen(page, screens)
        problems += [f"{language}, {problem}" for problem in found]
    return problems
