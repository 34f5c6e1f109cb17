"""The keyboard as the only input."""

import pytest
from playwright.sync_api import Locator

MAX_STOPS = 60  # of the Tab key

IS_FOCUSED = "(element) => element === document.activeElement"

#: Whether the middle of an element, or of its first line, is on the screen with nothing in front.
IS_VISIBLE = """(element) => {
  const { left, top, width, height } = element.getClientRects()[0]
  const front = document.elementFromPoint(left + width / 2, top + height / 2)
  return front !== null && (element === front || element.contains(front))
}"""


def type_into(field: Locator, text: str) -> None:
    """Type into a field that the Tab key reaches."""
    tab_to(field)
    field.page.keyboard.type(text)


def press_at(element: Locator, key: str) -> None:
    """Press a key on an element that the Tab key reaches."""
    tab_to(element)
    element.page.keyboard.press(key)


def tab_to(element: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(MAX_STOPS):
        if element.evaluate(IS_FOCUSED):
            assert element.evaluate(IS_VISIBLE), f"{element} has the focus and is not visible"
            return
        element.page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not reach {element}")
