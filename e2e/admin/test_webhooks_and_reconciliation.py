"""Webhooks are replayed, and payments compared with the charges of Omise."""

from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.support.purchases import place_order
from e2e.support.shops import STAFF_EMAIL


def test_unprocessed_webhook_is_replayed(admin, shopper, world, base_url):
    world.send_webhooks_to(base_url)
    shopper.go_to_checkout().pay_by("PromptPay")
    number = OrderPage(shopper.page).number
    shopper.page.goto("about:blank")
    world.add_fault("GET", "/charges/*", "status", status=503, times=None)
    world.mark_charge_as("paid")
    world.wait_for_webhooks()
    world.clear_faults()
    admin.go_to("Webhooks")
    row = admin.row("charge.complete").first
    expect(row).to_contain_text("Waiting")
    row.locator("summary").click()
    event = row.locator("code").first.inner_text()

    row.get_by_role("button", name="Replay").click()

    expect(admin.row(event)).to_contain_text("Processed")
    admin.open_order(number)
    admin.expect_status("paid")
    admin.go_to("Audit log")
    for words in (STAFF_EMAIL, "Replay a webhook", number):
        expect(admin.row(event)).to_contain_text(words)


def test_payments_are_reconciled(admin, context, world):
    place_order(context.request, world)
    admin.go_to("Reconciliation")

    admin.page.get_by_role("button", name="Reconcile").click()

    expect(admin.page.get_by_role("status")).to_contain_text("Charges compared: 1")


def test_reconciliation_without_omise_says_so(admin, order, world, quiet_browser):
    quiet_browser.expect_status(503)
    world.add_fault("GET", "/charges", "status", status=503, times=4)
    admin.go_to("Reconciliation")

    admin.page.get_by_role("button", name="Reconcile").click()

    expect(admin.page.get_by_role("alert")).to_contain_text("Omise cannot be reached")
