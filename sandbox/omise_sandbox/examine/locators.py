"""Finds what an action of a recipe names on a page: by label, by role, by purpose, or by CSS."""

from collections.abc import Callable

from playwright.sync_api import FrameLocator, Locator, Page

from omise_sandbox.examine.recipe import Action

Place = Page | FrameLocator

#: Kind of target → how it is found; any other target is a CSS selector.
KINDS: dict[str, Callable[[Place, str], Locator]] = {
    "label": lambda place, name: place.get_by_label(name, exact=True),
    "button": lambda place, name: place.get_by_role("button", name=name),
    "link": lambda place, name: place.get_by_role("link", name=name),
    "text": lambda place, name: place.get_by_text(name, exact=True),
    "autocomplete": lambda place, name: place.locator(f'[autocomplete~="{name}"]:visible'),
}


def locate(page: Page, action: Action, target: str) -> Locator:
    """The first element that the target of an action names, in its frame if it has one."""
    place: Place = page.frame_locator(action.frame) if action.frame else page
    kind, separator, name = target.partition("=")
    if separator and kind in KINDS:
        return KINDS[kind](place, name).first
    return place.locator(target).first
