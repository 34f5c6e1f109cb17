"""The number of a payment at a convenience store is copied with one touch."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.support.accessibility import violations
from e2e.support.servers import with_shop

METHOD = "Convenience store, Pay-easy or online banking"

pytestmark = with_shop(JPY={"STORE_CURRENCY": "JPY"})


@pytest.fixture
def order(shopper, world):
    """An order that waits for a payment at a convenience store."""
    world.change_settings(country="JP")
    shopper.go_to_checkout("lamp").pay_by(METHOD)
    order = OrderPage(shopper.page)
    order.expect_status("awaiting_payment")
    return order


def test_number_is_copied_and_that_is_said(order, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    number = order.main.locator("#payment-number")
    button = order.main.get_by_role("button", name="Copy payment number")
    said = order.main.locator("copy-text").get_by_role("status")
    expect(said).to_be_empty()
    page.clock.install()

    button.click()

    expect(said).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == number.inner_text()
    assert violations(page) == []
    page.clock.run_for(5_000)
    expect(said).to_be_empty()


def test_number_is_selected_where_copying_is_not_allowed(order, page):
    page.context.grant_permissions([])
    number = order.main.locator("#payment-number")

    order.main.get_by_role("button", name="Copy payment number").click()

    expect(order.main.locator("copy-text").get_by_role("status")).to_be_empty()
    assert page.evaluate("getSelection().toString()") == number.inner_text()


def test_number_is_plain_text_without_javascript(order, page, new_context):
    context = new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()

    plain.goto(page.url)

    expect(plain.locator("#payment-number")).to_have_text(
        order.main.locator("#payment-number").inner_text()
    )
    expect(plain.get_by_role("button", name="Copy")).to_have_count(0)
