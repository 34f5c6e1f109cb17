"""A password that is shown while it is typed."""

import pytest
from playwright.sync_api import expect

from e2e.support.accessibility import violations


@pytest.mark.parametrize("path", ["/login", "/signup"])
def test_password_is_shown_and_hidden(page, path):
    page.goto(path)
    password = page.get_by_label("Password", exact=True)
    password.fill("a few words")
    show = page.get_by_role("button", name="Show password")

    show.click()
    expect(password).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []

    show.click()
    expect(password).to_have_attribute("type", "password")
    expect(password).to_have_value("a few words")


def test_shown_password_is_sent_as_a_password(page):
    page.goto("/login")
    page.get_by_label("Email", exact=True).fill("nok@example.com")
    password = page.get_by_label("Password", exact=True)
    password.fill("a wrong password")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("main").get_by_role("button", name="Log in").click()

    expect(password).to_have_attribute("type", "password")


def test_without_javascript_there_is_no_button(shopper_without_javascript):
    page = shopper_without_javascript.page
    page.goto("/login")

    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Show password")).to_be_hidden()
