"""The page with every component in every state."""

from e2e.support.accessibility import violations
from e2e.support.layout import layout_problems
from e2e.support.servers import with_shop
from e2e.support.viewport import PHONE_SIZE

pytestmark = with_shop(styleguide={"WSGI_APP": "tools.styleguide.app:app"})

STYLE = "(element, name) => getComputedStyle(element)[name]"


def test_components_are_accessible(page):
    page.goto("/styleguide")

    assert violations(page) + layout_problems(page) == []


def test_animation_respects_reduced_motion(page):
    page.goto("/styleguide")
    spinner = page.locator(".spinner")
    assert spinner.evaluate(STYLE, "animationName") == "none"

    page.emulate_media(reduced_motion="no-preference")

    assert spinner.evaluate(STYLE, "animationName") == "spin"


def test_controls_are_large_enough_on_a_phone(page):
    """No control is smaller than 24 pixels on a phone, on the page that has all of them."""
    page.set_viewport_size(PHONE_SIZE)
    page.goto("/styleguide")

    for control in page.get_by_role("button").or_(page.get_by_role("radio")).all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24, control
