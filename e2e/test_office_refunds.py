"""Staff send money back, and what they did is kept."""

import pytest
from playwright.sync_api import expect

from e2e.axe import violations
from e2e.pages import OrderPage
from e2e.pages.office import STAFF

MUG = 390_00


@pytest.mark.both_dialects
def test_money_goes_back_in_two_steps(office, order, omise, shopper):
    office.open_order(order)
    office.ask("Refund", reason="a chip in the glaze")
    expect(office.heading).to_have_text("Refund ฿390.00?")
    expect(office.main).to_contain_text("will be refunded to Visa •••• 4242")
    expect(office.main).to_contain_text("This cannot be undone.")
    assert omise.refunded() == [0]

    office.page.get_by_role("button", name="Refund ฿390.00").click()

    office.expect_status("refunded")
    assert omise.refunded() == [MUG]
    OrderPage.open(shopper.page, order).expect_status("refunded")
    assert violations(shopper.page) == []


@pytest.mark.both_dialects
def test_money_goes_back_in_part_and_never_more_than_there_is(
    office, order, omise, shopper, quiet_browser
):
    quiet_browser.expect("status of 422")
    office.open_order(order)
    office.move("Refund", "100.00")
    office.expect_status("partially_refunded")
    assert omise.refunded() == [100_00]
    OrderPage.open(shopper.page, order).expect_status("partially_refunded")
    assert violations(shopper.page) == []

    office.ask("Refund", "290.01", reason="kept")

    expect(office.page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    expect(office.main).to_contain_text("Enter an amount of ฿290.00 or less.")
    expect(office.page.get_by_label("Reason")).to_have_value("kept")
    assert omise.refunded() == [100_00]

    office.move("Refund", "290")
    office.expect_status("refunded")
    assert omise.refunded() == [MUG]


def test_a_second_thought_moves_nothing(office, order, omise):
    office.open_order(order)
    office.ask("Refund")

    office.page.get_by_role("link", name="Cancel").click()

    office.expect_status("paid")
    assert omise.refunded() == [0]


def test_a_confirmation_that_is_sent_twice_gives_back_once(office, order, omise):
    office.open_order(order)
    office.ask("Refund", "100.00")

    office.page.get_by_role("button", name="Refund ฿100.00").dblclick()

    office.expect_status("partially_refunded")
    assert omise.refunded() == [100_00]


@pytest.mark.both_dialects
def test_who_did_what_is_kept(office, order):
    office.open_order(order)
    office.move("Refund", "10.00", "a chip")
    expect(office.row(f"{STAFF}: refund")).to_contain_text("฿10.00 a chip")

    office.go_to("Audit log")

    row = office.row(order).first
    for words in (STAFF, "refund", "฿10.00 a chip"):
        expect(row).to_contain_text(words)
