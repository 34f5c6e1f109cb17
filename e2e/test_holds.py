"""Authorise now, capture later: the money is held first, and taken, released or let go."""

import pytest
from playwright.sync_api import expect

from e2e.axe import violations
from e2e.cards import VISA
from e2e.pages import OrderPage
from e2e.servers import with_shop

MUG = 390_00

#: A shop that takes the money later.
pytestmark = with_shop(later={"CAPTURE": "false"})


@pytest.fixture
def held(shopper, omise, base_url):
    """The number of an order whose money is held."""
    omise.tells(base_url)
    order = shopper.at_checkout().pay_with(VISA)
    order.expect_status("authorized")
    expect(order.main).to_contain_text("We'll charge your card when we ship.")
    assert omise.captured() == [0]
    assert violations(order.page) == []
    return order.number


@pytest.mark.both_dialects
def test_held_money_is_taken(office, held, omise, shopper):
    office.open_order(held)
    expect(office.main).to_contain_text("Authorized until")
    expect(office.main).to_contain_text("6 days")
    assert violations(office.page) == []

    office.move("Capture")

    office.expect_status("paid")
    assert omise.captured() == [MUG]
    OrderPage.open(shopper.page, held).expect_status("paid")


@pytest.mark.both_dialects
def test_held_money_is_taken_in_part(office, held, omise, quiet_browser):
    quiet_browser.expect("status of 422")
    office.open_order(held)
    office.ask("Capture", "390.01")
    expect(office.main).to_contain_text("Enter an amount of ฿390.00 or less.")

    office.move("Capture", "300.00")

    office.expect_status("paid")
    assert omise.captured() == [300_00]
    expect(office.main).to_contain_text("Maximum ฿300.00")


@pytest.mark.both_dialects
def test_held_money_is_released(office, held, omise, shopper):
    office.open_order(held)

    office.move("Void")

    office.expect_status("cancelled")
    assert omise.payments() == [(MUG, "reversed")]
    OrderPage.open(shopper.page, held).expect_status("cancelled")
    assert violations(shopper.page) == []


@pytest.mark.both_dialects
def test_a_hold_that_lapses_is_seen(office, held, omise, shopper):
    omise.lets_time_pass(days=8)

    office.go_to("Reconciliation")
    office.page.get_by_role("button", name="Reconcile").click()
    expect(office.page.get_by_role("status")).to_contain_text("repaired: 1")

    office.open_order(held)
    office.expect_status("expired")
    expect(office.page.get_by_role("button", name="Capture…")).to_have_count(0)
    order = OrderPage.open(shopper.page, held)
    order.expect_status("expired")
    expect(order.main).to_contain_text("You have not been charged.")
    assert violations(order.page) == []
