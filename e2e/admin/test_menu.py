"""The menu of the admin pages on a phone, which works without JavaScript."""

from itertools import product

import pytest
from playwright.sync_api import expect

from e2e.support.accessibility import violations
from e2e.support.forms import submit_form
from e2e.support.shops import STAFF_EMAIL, STAFF_PASSWORD
from e2e.support.viewport import PHONE_SIZE


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request, staff_account, new_context):
    """The list of orders on the phone of a member of staff."""
    page = new_context(viewport=PHONE_SIZE, java_script_enabled=request.param).new_page()
    submit_form(
        page.request, "/admin/login", "/admin/login", email=STAFF_EMAIL, password=STAFF_PASSWORD
    )
    page.goto("/admin/orders")
    return page


@pytest.fixture
def toggle(phone):
    """The button that opens the menu."""
    return phone.get_by_role("button", name="Menu, current page: Orders")


@pytest.fixture
def menu(phone):
    """The links of the menu."""
    return phone.get_by_role("navigation", name="Admin").get_by_role("link")


def test_navigation_takes_one_row(phone, subtests):
    for path, width in product(("/admin", "/admin/tasks", "/admin/reconcile"), (320, 360)):
        with subtests.test(path=path, width=width):
            phone.set_viewport_size({"width": width, "height": 780})
            phone.goto(path)
            toggle = phone.get_by_role("button", name="Menu, current page:")
            wordmark = phone.get_by_role("link", name="Admin").bounding_box()

            row = toggle.bounding_box()
            assert abs(row["y"] - wordmark["y"]) < 5
            assert row["x"] + row["width"] <= width


def test_menu_opens_and_closes_by_keyboard(phone, toggle, menu):
    expect(menu).to_have_count(0)
    expect(toggle).to_contain_text("Orders")
    toggle.focus()

    phone.keyboard.press("Enter")
    expect(menu.filter(has_text="Orders")).to_have_attribute("aria-current", "page")
    expect(menu).to_have_count(11)
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="Close menu")).to_be_focused()

    phone.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(toggle).to_be_focused()


def test_menu_leads_to_another_page_and_is_closed_there(phone, toggle, menu):
    toggle.click()
    menu.filter(has_text="Stock").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Stock")
    expect(phone.get_by_role("button", name="Menu, current page: Stock")).to_be_visible()
    expect(menu).to_have_count(0)


def test_menu_closes_by_its_button(phone, toggle, menu):
    toggle.click()
    phone.get_by_role("button", name="Close menu").click()

    expect(menu).to_have_count(0)


@pytest.mark.parametrize("phone", [True], ids=["script"], indirect=True)
def test_open_menu_is_accessible(phone, toggle, menu):
    toggle.click()
    expect(menu).to_have_count(11)

    assert violations(phone) == []
