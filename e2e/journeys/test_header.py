"""The header on a phone: test mode on one line, and one row with a menu that needs no script."""

import pytest
from playwright.sync_api import expect

from e2e.support.accessibility import violations
from e2e.support.forms import submit_form
from e2e.support.screens import LANGUAGES
from e2e.support.shopper import Shopper
from e2e.support.viewport import DESKTOP_SIZE, PHONE_SIZE, TOO_WIDE

#: More than one line of the banner, and less than two.
ONE_LINE = 40


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request, new_context):
    """The home page on the phone of a guest."""
    page = new_context(viewport=PHONE_SIZE, java_script_enabled=request.param).new_page()
    page.goto("/")
    return page


@pytest.fixture
def toggle(phone):
    """The button that opens the menu."""
    return phone.get_by_role("button", name="Account menu")


@pytest.fixture
def links(phone):
    """The links of the header beside the name of the shop."""
    return phone.get_by_role("navigation", name="Shop", exact=True).get_by_role("link")


@pytest.mark.parametrize("phone", [True], ids=["script"], indirect=True)
def test_banner_takes_a_line_and_header_a_row(phone, subtests):
    banner, header = phone.locator(".test-banner"), phone.get_by_role("banner")
    for language in LANGUAGES:
        with subtests.test(language=language):
            submit_form(phone.request, "/login", "/language", language=language)
            phone.goto("/")

            expect(banner.get_by_role("link")).to_be_visible()
            assert banner.bounding_box()["height"] < ONE_LINE
            for width in (320, 360):
                phone.set_viewport_size({"width": width, "height": 780})
                wordmark = header.get_by_role("link", name="Lantern & Loom").bounding_box()
                cart = header.get_by_role("link").last.bounding_box()
                assert abs(cart["y"] - wordmark["y"]) < 5, width
                assert phone.evaluate(TOO_WIDE) <= 0, width


def test_menu_of_a_guest_opens_and_closes_by_keyboard(phone, toggle, links):
    expect(links).to_have_text(["Cart 0 items"])
    toggle.focus()

    phone.keyboard.press("Enter")
    expect(links).to_have_text(["Log in", "Create account", "Cart 0 items"])
    phone.keyboard.press("Tab")
    expect(links.first).to_be_focused()

    phone.keyboard.press("Escape")
    expect(links).to_have_text(["Cart 0 items"])
    expect(toggle).to_be_focused()


def test_menu_of_a_member_logs_out(phone, toggle, links):
    Shopper(phone).sign_up()
    phone.goto("/")

    toggle.click()
    expect(links).to_have_text(["Orders", "Cards", "Account", "Cart 0 items"])
    phone.get_by_role("button", name="Log out").click()

    toggle.click()
    expect(links.first).to_have_text("Log in")


@pytest.mark.parametrize("phone", [True], ids=["script"], indirect=True)
def test_open_menu_is_accessible(phone, toggle, links):
    toggle.click()
    expect(links.first).to_have_text("Log in")

    assert violations(phone) == []


@pytest.mark.parametrize("phone", [True], ids=["script"], indirect=True)
def test_wide_screen_shows_the_links_instead_of_a_menu(phone, toggle, links):
    phone.set_viewport_size(DESKTOP_SIZE)

    expect(links).to_have_text(["Log in", "Create account", "Cart 0 items"])
    expect(toggle).to_be_hidden()


@pytest.mark.parametrize("phone", [True], ids=["script"], indirect=True)
def test_checkout_has_no_menu(phone, toggle):
    shopper = Shopper(phone)
    shopper.sign_up()

    shopper.go_to_checkout()

    expect(toggle).to_have_count(0)
    expect(phone.get_by_role("button", name="Log out")).to_have_count(0)
