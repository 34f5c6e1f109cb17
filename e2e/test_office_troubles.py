"""What Omise told and what it did not: webhooks are replayed, the two ledgers compared."""

import pytest
from playwright.sync_api import expect

from e2e.cards import VISA
from e2e.pages import OrderPage
from e2e.pages.office import STAFF


@pytest.mark.both_dialects
def test_a_webhook_that_could_not_be_followed_is_replayed(office, shopper, omise, base_url):
    omise.tells(base_url)
    shopper.at_checkout().pay_by("PromptPay")
    number = OrderPage(shopper.page).number
    shopper.page.goto("about:blank")
    omise.will_fail("GET", "/charges/*", "status", status=503, times=None)
    omise.settles("paid")
    omise.has_told()
    omise.works_again()
    office.go_to("Webhooks")
    row = office.row("charge.complete").first
    expect(row).to_contain_text("received")
    event = row.locator("span").inner_text()

    row.get_by_role("button", name="Replay").click()

    expect(office.row(event)).to_contain_text("applied")
    office.open_order(number)
    office.expect_status("paid")
    office.go_to("Audit log")
    for words in (STAFF, "replayed a webhook"):
        expect(office.row(event)).to_contain_text(words)


@pytest.mark.both_dialects
def test_the_two_ledgers_are_compared(office, shopper):
    shopper.has_paid_with(VISA)
    office.go_to("Reconciliation")

    office.page.get_by_role("button", name="Reconcile").click()

    expect(office.page.get_by_role("status")).to_contain_text("Charges compared: 1")


def test_what_omise_cannot_tell_is_said(office, order, omise, quiet_browser):
    quiet_browser.expect("status of 503")
    omise.will_fail("GET", "/charges", "status", status=503, times=4)
    office.go_to("Reconciliation")

    office.page.get_by_role("button", name="Reconcile").click()

    expect(office.page.get_by_role("alert")).to_contain_text("Omise could not be reached")
