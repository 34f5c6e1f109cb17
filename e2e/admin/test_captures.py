"""Authorize now, capture later."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.servers import with_shop
from e2e.support.viewport import DESKTOP_SIZE

MUG = 390_00

#: A shop that captures later.
pytestmark = with_shop(manual_capture={"CAPTURE": "false"})


@pytest.fixture
def authorized_order(order, world):
    """The number of an order whose payment is authorized and not captured."""
    assert world.captured_amounts() == [0]
    return order


@pytest.mark.both_dialects
def test_shopper_is_charged_later(shopper, world):
    order = shopper.go_to_checkout().pay_with(VISA)

    order.expect_status("authorized")
    expect(order.main).to_contain_text("We'll charge your card when we ship.")
    assert world.captured_amounts() == [0]
    assert violations(order.page) == []


@pytest.mark.both_dialects
def test_authorized_payment_is_captured(admin, authorized_order, world, shopper):
    admin.open_order(authorized_order)
    expect(admin.main).to_contain_text("Authorized until")
    expect(admin.main).to_contain_text("6 days")
    assert violations(admin.page) == []

    admin.perform("Capture")

    admin.expect_status("paid")
    assert world.captured_amounts() == [MUG]
    OrderPage.open(shopper.page, authorized_order).expect_status("paid")


def test_operations_on_an_authorized_payment_need_no_scrolling(admin, authorized_order):
    admin.page.set_viewport_size(DESKTOP_SIZE)
    admin.open_order(authorized_order)

    for name in ("Ship and capture ฿390.00", "Mark as packed", "Capture…", "Void…"):
        expect(admin.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


@pytest.mark.both_dialects
def test_authorized_payment_is_captured_in_part(admin, authorized_order, world, quiet_browser):
    quiet_browser.expect_status(422)
    admin.open_order(authorized_order)
    admin.start("Capture", "390.01")
    expect(admin.main).to_contain_text("Enter an amount of ฿390.00 or less.")

    admin.perform("Capture", "300.00")

    admin.expect_status("paid")
    assert world.captured_amounts() == [300_00]
    expect(admin.main).to_contain_text("Maximum ฿300.00")


def test_shipment_captures_the_authorized_payment(admin, authorized_order, world):
    admin.open_order(authorized_order)
    admin.page.get_by_label("Tracking number").fill("TH 123")

    admin.page.get_by_role("button", name="Ship and capture ฿390.00").click()

    expect(admin.page.get_by_role("status").first).to_have_text("Order shipped.")
    admin.expect_status("paid")
    expect(admin.main).to_contain_text("tracking number TH 123")
    assert world.captured_amounts() == [MUG]
    assert violations(admin.page) == []


def test_authorized_payment_is_voided(admin, authorized_order, world, shopper):
    admin.open_order(authorized_order)

    admin.perform("Void")

    admin.expect_status("cancelled")
    assert world.payments() == [(MUG, "reversed")]
    OrderPage.open(shopper.page, authorized_order).expect_status("cancelled")
    assert violations(shopper.page) == []


def test_lapsed_authorization_is_reconciled(admin, authorized_order, world, shopper):
    world.change_settings(webhook_url=None)
    world.advance_clock(days=8)

    admin.go_to("Reconciliation")
    admin.page.get_by_role("button", name="Reconcile").click()
    expect(admin.page.get_by_role("status")).to_contain_text("repaired: 1")

    admin.open_order(authorized_order)
    admin.expect_status("expired")
    expect(admin.page.get_by_role("button", name="Capture…")).to_have_count(0)
    order = OrderPage.open(shopper.page, authorized_order)
    order.expect_status("expired")
    expect(order.main).to_contain_text("You have not been charged.")
    assert violations(order.page) == []
