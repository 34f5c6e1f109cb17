"""A shopper who has a keyboard and nothing else."""

import pytest
from playwright.sync_api import Locator

FARTHEST = 60  # stops of the Tab key

IS_FOCUSED = "(element) => element === document.activeElement"

#: Whether the middle of an element is on the screen, with nothing in front of it.
IS_SEEN = """(element) => {
  const { left, top, width, height } = element.getBoundingClientRect()
  const front = document.elementFromPoint(left + width / 2, top + height / 2)
  return front !== null && (element === front || element.contains(front))
}"""


def write_in(field: Locator, text: str) -> None:
    """Type into a field that the Tab key leads to."""
    tab_to(field)
    field.page.keyboard.type(text)


def press_at(element: Locator, key: str) -> None:
    """Press a key on something that the Tab key leads to."""
    tab_to(element)
    element.page.keyboard.press(key)


def tab_to(element: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(FARTHEST):
        if element.evaluate(IS_FOCUSED):
            assert element.evaluate(IS_SEEN), f"{element} has the focus and is not seen"
            return
        element.page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not lead to {element}")
