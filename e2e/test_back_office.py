"""The back office: what staff do all day, in a browser."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.cards import DECLINED, VISA
from e2e.pages import OrderPage
from e2e.pages.checkout import EMAIL
from e2e.pages.office import OfficePage
from e2e.test_accessibility import violations

STAFF, PASSWORD = "anong@example.com", "a quiet lantern in the office"
MUG = 390_00


@pytest.fixture(scope="session")
def account(running_shop):
    """Somebody of the staff, let in by the command."""
    running_shop.command("create-staff", STAFF, "--password", PASSWORD)


@pytest.fixture
def office(account, new_context):
    """The back office, with somebody of the staff in it."""
    return OfficePage.log_in(new_context().new_page(), STAFF, PASSWORD)


@pytest.fixture
def order(shopper, omise, base_url):
    """The number of an order that was paid just now, of which a webhook told too."""
    omise.tells(base_url)
    return shopper.has_paid_with(VISA).number


def test_nobody_comes_in_with_a_wrong_password(account, page, quiet_browser):
    quiet_browser.expect("status of 422")
    page.goto("/admin/orders")
    page.get_by_label("Email").fill(STAFF)
    page.get_by_label("Password").fill("a guess that is long enough")

    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(STAFF)
    expect(page.get_by_role("link", name="Orders")).to_have_count(0)


@pytest.mark.both_dialects
def test_an_order_is_found_and_its_story_told(office, order):
    office.find(order.lower())
    office.row(order).get_by_role("link").click()

    office.expect_status("paid")
    for words in ("Order placed", "Attempt to charge ฿390.00", "confirming → paid", "chrg_test_"):
        expect(office.main).to_contain_text(words)


def test_orders_are_found_by_email_and_by_status(office, order):
    office.find(EMAIL.upper())
    expect(office.row(order)).to_be_visible()

    office.page.get_by_label("Status").select_option("refunded")
    office.page.get_by_role("button", name="Show").click()

    expect(office.row(order)).to_have_count(0)


@pytest.mark.both_dialects
def test_money_goes_back_in_two_steps(office, order, omise, shopper):
    office.open_order(order)
    office.ask("Refund", reason="a chip in the glaze")
    expect(office.heading).to_have_text("Refund ฿390.00?")
    expect(office.main).to_contain_text("will be sent back to Visa •••• 4242")
    expect(office.main).to_contain_text("This cannot be undone.")
    assert omise.refunded() == [0]

    office.page.get_by_role("button", name="Yes, refund ฿390.00").click()

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
    expect(office.main).to_contain_text("Enter an amount of at most ฿290.00.")
    expect(office.page.get_by_label("Reason")).to_have_value("kept")
    assert omise.refunded() == [100_00]

    office.move("Refund", "290")
    office.expect_status("refunded")
    assert omise.refunded() == [MUG]


def test_a_second_thought_moves_nothing(office, order, omise):
    office.open_order(order)
    office.ask("Refund")

    office.page.get_by_role("link", name="No, go back").click()

    office.expect_status("paid")
    assert omise.refunded() == [0]


def test_a_confirmation_that_is_sent_twice_gives_back_once(office, order, omise):
    office.open_order(order)
    office.ask("Refund", "100.00")

    office.page.get_by_role("button", name="Yes, ").dblclick()

    office.expect_status("partially_refunded")
    assert omise.refunded() == [100_00]


@pytest.mark.both_dialects
def test_a_webhook_is_replayed(office, order):
    office.go_to("Webhooks")
    row = office.row("charge.create").first
    expect(row).to_contain_text("applied")

    row.get_by_role("button", name="Replay").click()

    expect(office.row("charge.create").first).to_contain_text("applied")
    office.go_to("Audit", "Audit log")
    expect(office.row("replayed an event").first).to_contain_text("evnt_test_")


@pytest.mark.both_dialects
def test_the_two_ledgers_are_compared(office, shopper, omise):
    shopper.has_paid_with(VISA)
    office.go_to("Reconcile")

    office.page.get_by_role("button", name="Reconcile").click()

    expect(office.page.get_by_role("status")).to_contain_text("1 charges, ")


def test_what_omise_cannot_tell_is_said(office, order, omise, quiet_browser):
    quiet_browser.expect("status of 503")
    omise.will_fail("GET", "/charges", "status", status=503, times=4)
    office.go_to("Reconcile")

    office.page.get_by_role("button", name="Reconcile").click()

    expect(office.page.get_by_role("alert")).to_contain_text("Omise could not be asked")


def test_the_stock_is_set_and_shows_in_the_shop(office, shopper, quiet_browser):
    quiet_browser.expect("status of 422")
    office.go_to("Stock")
    field = office.page.get_by_label("Left of Beeswax candle")
    set_stock(office, field, "many")
    expect(office.main).to_contain_text("Enter a whole number, or leave it empty.")
    expect(field).to_have_value("many")

    set_stock(office, field, "0")

    shopper.page.goto("/products/candle")
    expect(shopper.page.get_by_text("Sold out")).to_be_visible()
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_disabled()
    assert violations(shopper.page) == []

    set_stock(office, field, "")
    shopper.page.reload()
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_enabled()


def set_stock(office, field, count):
    """Say how many are left."""
    field.fill(count)
    row = office.page.get_by_role("listitem").filter(has=field)
    row.get_by_role("button", name="Save").click()


def test_who_did_what_is_kept(office, order):
    office.open_order(order)
    office.move("Refund", "10.00", "a chip")

    office.go_to("Audit", "Audit log")

    row = office.row(order).first
    for words in (STAFF, "refund", "฿10.00 a chip"):
        expect(row).to_contain_text(words)


@pytest.mark.both_dialects
def test_the_mails_can_be_read(office, order, running_shop):
    running_shop.works_off()

    office.go_to("Mails")
    office.row(order).get_by_role("link", name="Your receipt").click()

    expect(office.main).to_contain_text("Stoneware mug \N{MULTIPLICATION SIGN} 1: ฿390.00")


def test_a_guest_comes_back_by_the_link_of_the_mail(office, order, running_shop, another_shopper):
    running_shop.works_off()
    office.go_to("Mails")
    office.row(order).get_by_role("link", name="Your receipt").click()
    (link,) = re.findall(r"http://\S+key=\S+", office.main.inner_text())

    another_shopper.page.goto(link)

    OrderPage(another_shopper.page).expect_status("paid")
    assert "key=" not in another_shopper.page.url


def test_staff_go_home(office):
    office.page.get_by_role("button", name="Log out").click()

    office.page.goto("/admin/orders")
    expect(office.heading).to_have_text("Staff log-in")


# How it looks

PATHS = {
    "log-in": "/admin/login",
    "today": "/admin",
    "orders": "/admin/orders",
    "order": "/admin/orders/{order}",
    "events": "/admin/events",
    "stock": "/admin/stock",
    "mails": "/admin/mails",
    "mail": "/admin/mails/1",
    "audit": "/admin/audit",
    "reconcile": "/admin/reconcile",
}


def test_every_page_is_open_to_everybody(office, order, shopper, running_shop):
    shopper.at_checkout().pay_with(DECLINED)
    running_shop.works_off()

    for name, path in PATHS.items():
        office.page.goto(path.format(order=order))
        look_at(office, name)
        assert violations(office.page) == [], name

    office.open_order(order)
    office.ask("Refund", "10.00", "a chip")
    look_at(office, "confirm")
    assert violations(office.page) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_is_wider_than_the_window(office, order, running_shop, width):
    running_shop.works_off()
    office.page.set_viewport_size({"width": width, "height": 900})

    for name, path in PATHS.items():
        office.page.goto(path.format(order=order))
        assert office.page.evaluate("document.documentElement.scrollWidth") <= width, name


def look_at(office, name):
    """Keep pictures of a page when E2E_PICTURES names a folder."""
    if not (folder := os.environ.get("E2E_PICTURES")):
        return
    for width in (360, 1440):
        office.page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            office.page.emulate_media(color_scheme=scheme)
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            office.page.screenshot(path=path, full_page=True)
