"""The inspector of the sandbox: what a developer sees there and can do there."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2e.support.cards import ASKS_THE_BANK, VISA
from e2e.support.viewport import expect_no_sideways_scroll


@pytest.fixture
def inspector(new_context, omise):
    """The inspector, open in a tab of its own."""
    page = new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{omise.url}/_sandbox/")
    return page


def look_at(page, view):
    """Choose a view."""
    page.get_by_role("navigation").get_by_role("link", name=view).click()


def test_it_says_that_it_is_pretend(inspector):
    expect(inspector.locator("body")).to_contain_text("no money moves")


def test_requests_appear_by_themselves_without_card_data(inspector, shopper):
    shopper.has_paid_with(VISA)

    row = inspector.locator("#request-list > *").filter(has_text="/tokens").first
    row.click()

    expect(row).to_contain_text("POST")
    expect(row).to_contain_text("200")
    expect(row).to_contain_text("tokn_test_")
    expect(row).not_to_contain_text(VISA.number)


def test_a_payment_is_told_as_a_story(inspector, shopper):
    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK).approve()
    look_at(inspector, "Payments")

    story = inspector.locator("#payment-list > *").first
    story.click()

    for step in ("/tokens", "/charges", "/authorize"):
        expect(story).to_contain_text(step)


def test_a_pending_charge_can_be_settled(inspector, shopper, omise):
    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK)
    look_at(inspector, "Payments")
    inspector.locator("#payment-list > *").first.click()

    inspector.get_by_role("button", name="Mark as paid").click()

    expect(inspector.locator("#payment-list")).to_contain_text("successful")
    assert [payment.status for payment in omise.payments()] == ["successful"]


def test_the_clock_moves_on(inspector):
    look_at(inspector, "Controls")

    inspector.locator("[data-advance]").first.click()

    expect(inspector.locator("#clock-offset")).to_contain_text("ahead of real time")


def test_a_fault_is_armed_seen_to_fire_and_let_go(inspector, shopper):
    look_at(inspector, "Controls")
    inspector.get_by_label("Path", exact=True).fill("/payments/*")
    inspector.locator("#fault-do").select_option("call:hold")
    inspector.get_by_role("button", name="Arm the fault").click()
    expect(inspector.locator("#fault-list")).to_contain_text("fired 0 of 1")

    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK)
    shopper.page.get_by_role("button", name="Approve").click(no_wait_after=True)
    expect(inspector.locator("#fault-list")).to_contain_text("fired 1 of 1")
    inspector.get_by_role("button", name="Release").click()

    expect(shopper.page.get_by_role("main")).to_have_attribute("data-status", "paid")


def test_a_webhook_fault_needs_an_event_and_no_path(inspector):
    look_at(inspector, "Controls")

    inspector.locator("#fault-do").select_option("webhook:drop")

    expect(inspector.get_by_label("Event", exact=True)).to_be_visible()
    expect(inspector.get_by_label("Path", exact=True)).to_be_hidden()


def test_a_token_is_tried(inspector):
    look_at(inspector, "Token")

    inspector.locator("#token").get_by_role("button").last.click()

    expect(inspector.locator("#token")).to_contain_text("tokn_test_")


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_view_is_accessible_and_fits(new_context, omise, shopper, scheme, width):
    shopper.has_paid_with(VISA)
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{omise.url}/_sandbox/")

    for link in page.get_by_role("navigation").get_by_role("link").all():
        link.click()
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        expect_no_sideways_scroll(page)
