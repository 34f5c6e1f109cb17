"""Refunds by staff, and the audit log."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.support.accessibility import violations
from e2e.support.shops import STAFF_EMAIL

MUG = 390_00


@pytest.mark.both_dialects
def test_refund_needs_a_confirmation(admin, order, world, shopper):
    admin.open_order(order)
    admin.start("Refund", reason="a chip in the glaze")
    expect(admin.heading).to_have_text("Refund ฿390.00?")
    expect(admin.main).to_contain_text("will be refunded to Visa •••• 4242")
    expect(admin.main).to_contain_text("This cannot be undone.")
    assert world.refunded_amounts() == [0]

    admin.page.get_by_role("button", name="Refund ฿390.00").click()

    admin.expect_status("refunded")
    assert world.refunded_amounts() == [MUG]
    OrderPage.open(shopper.page, order).expect_status("refunded")
    assert violations(shopper.page) == []


def test_partial_refunds_never_exceed_the_payment(admin, order, world, shopper, quiet_browser):
    quiet_browser.expect_status(422)
    admin.open_order(order)
    admin.perform("Refund", "100.00")
    admin.expect_status("partially_refunded")
    assert world.refunded_amounts() == [100_00]
    OrderPage.open(shopper.page, order).expect_status("partially_refunded")
    assert violations(shopper.page) == []

    admin.start("Refund", "290.01", reason="kept")

    expect(admin.page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    expect(admin.main).to_contain_text("Enter an amount of ฿290.00 or less.")
    expect(admin.page.get_by_label("Reason")).to_have_value("kept")
    assert world.refunded_amounts() == [100_00]

    admin.perform("Refund", "290")
    admin.expect_status("refunded")
    assert world.refunded_amounts() == [MUG]


def test_whole_order_is_refunded_in_two_clicks(admin, order, world):
    admin.open_order(order)

    admin.page.get_by_role("button", name="Refund…").click()
    admin.page.get_by_role("button", name="Refund ฿390.00").click()

    admin.expect_status("refunded")
    expect(admin.main).to_contain_text("Refund of ฿390.00 done.")
    assert world.refunded_amounts() == [MUG]


def test_refund_that_is_not_confirmed_moves_nothing(admin, order, world):
    admin.open_order(order)
    admin.start("Refund")

    admin.page.get_by_role("link", name="Cancel").click()

    admin.expect_status("paid")
    assert world.refunded_amounts() == [0]


def test_double_confirmation_refunds_once(admin, order, world):
    admin.open_order(order)
    admin.start("Refund", "100.00")

    admin.page.get_by_role("button", name="Refund ฿100.00").dblclick()

    admin.expect_status("partially_refunded")
    assert world.refunded_amounts() == [100_00]


def test_refund_is_in_the_audit_log(admin, order):
    admin.open_order(order)
    admin.perform("Refund", "10.00", "a chip")
    done = admin.row(STAFF_EMAIL).filter(has=admin.page.get_by_role("cell", name="Refund"))
    expect(done).to_contain_text("฿10.00 a chip")

    admin.go_to("Audit log")

    row = admin.row(order).first
    for words in (STAFF_EMAIL, "Refund", "฿10.00 a chip"):
        expect(row).to_contain_text(words)
