"""Accessibility as axe sees it, with the rules of WCAG 2.2 too."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script

Scheme = Literal["light", "dark"]

SCHEMES: tuple[Scheme, ...] = ("light", "dark")

#: The rule that takes most of the time.
CONTRAST = "color-contrast"

OPTIONS = {
    # Off unless asked for: targets of 24 pixels at least, which is new in WCAG 2.2.
    "rules": {"target-size": {"enabled": True}, CONTRAST: {"enabled": True}},
    # The nodes that pass are not described: on a long page, that took most of the time.
    "resultTypes": ["violations"],
}

HAS_AXE = "() => 'axe' in window"

RUN_AXE = """async ([options, rule, enabled]) => {
  options.rules[rule].enabled = enabled
  return (await axe.run(document, options)).violations
}"""


def violations(
    page: Page, schemes: tuple[Scheme, ...] = SCHEMES, *, contrast: bool = True
) -> list[str]:
    """The violations that axe finds: the colour scheme, the rule and the elements.

    Args:
        page: the page that is open.
        schemes: the colour schemes that it is looked at in.
        contrast: whether the contrast of its colours is measured, too.
    """
    if not page.evaluate(HAS_AXE):
        page.evaluate(SCRIPT)
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate(RUN_AXE, [OPTIONS, CONTRAST, contrast]):
            elements = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
            found.append(f"{scheme}: {violation['id']} at {', '.join(elements)}")
    return found
