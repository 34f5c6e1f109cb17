"""Pages on every screen: a phone and a desktop, light and dark, and the narrowest width."""

import os
from collections.abc import Callable
from itertools import product
from urllib.parse import urlsplit

from playwright.sync_api import Page

from e2e.support.accessibility import SCHEMES, SCRIPT, Scheme, violations
from e2e.support.forms import submit_form
from e2e.support.viewport import TOO_WIDE

#: Each language of the shop, and what its pages call it.
LANGUAGES = {"en": "en-GB", "th": "th", "ja": "ja"}
FIRST_LANGUAGE = "en"

PHONE, DESKTOP = 360, 1440

#: On which nothing scrolls sideways either.
NARROWEST = 320

EVERY_SCREEN: list[tuple[int, Scheme]] = list(product((PHONE, DESKTOP), SCHEMES))

#: Colours do not depend on the width, so that every colour and every width is looked at once.
#: EVERY_SCREEN=1 looks at all colours on all widths, in all languages.
SCREENS: list[tuple[int, Scheme]] = [(PHONE, "light"), (DESKTOP, "dark")]

#: The screens of a language after the first. Colours do not depend on the language either, as
#: tests/web/test_style_sheets.py shows; what is too small or without a name is looked for in each.
SCREENS_OF_A_TRANSLATION: list[tuple[int, Scheme]] = [(PHONE, "light")]

LANGUAGE_OF_PAGE = "() => document.documentElement.lang"


def problems_on_every_screen(page: Page, *, is_translation: bool = False) -> list[str]:
    """What axe finds, and the widths at which the page scrolls sideways."""
    everything = "EVERY_SCREEN" in os.environ
    usual = SCREENS_OF_A_TRANSLATION if is_translation else SCREENS
    screens, problems = EVERY_SCREEN if everything else usual, []
    for width in (NARROWEST, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE) > 0:
            problems.append(f"{width}: scrolls sideways")
        schemes = tuple(scheme for at, scheme in screens if at == width)
        if schemes:
            found = violations(page, schemes, contrast=everything or not is_translation)
            problems += [f"{width}, {violation}" for violation in found]
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
    page.add_init_script(SCRIPT)  # sent to the browser once for all languages
    for language, code in LANGUAGES.items():
        submit_form(page.request, "/login", "/language", language=language)
        page.goto(path)
        assert page.evaluate(LANGUAGE_OF_PAGE) == code
        act(page)
        found = problems_on_every_screen(page, is_translation=language != FIRST_LANGUAGE)
        problems += [f"{language}, {problem}" for problem in found]
    return problems
