"""Accessibility as axe sees it, with the rules of WCAG 2.2 too."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

axe = Axe()

#: Off unless asked for: targets of 24 pixels at least, which is new in WCAG 2.2.
OPTIONS = {"rules": {"target-size": {"enabled": True}}}


def violations(page: Page) -> list[str]:
    """What axe holds against the page: the scheme, the rule and the places."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for violation in axe.run(page, options=OPTIONS).response["violations"]:
            places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
            found.append(f"{scheme}: {violation['id']} at {', '.join(places)}")
    return found
