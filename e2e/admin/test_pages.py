"""Every page of the back office is accessible, and fits every screen, in each of its states."""

import pyotp
import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.pages.admin import AdminPage
from e2e.support.cards import DECLINED, THREE_DS_CARD
from e2e.support.purchases import place_order
from e2e.support.screens import problems_in_every_language, problems_on_every_screen
from e2e.support.shops import STAFF_PASSWORD

#: Of the staff that has a second factor; the others log in without one.
CAREFUL_EMAIL = "careful@example.com"

PATHS = (
    "/admin/login",
    "/admin",
    "/admin?day=2020-01-01",
    "/admin/orders",
    "/admin/orders?q=nothing+like+this",
    "/admin/orders/{order}",
    "/admin/tasks",
    "/admin/events",
    "/admin/stock",
    "/admin/mails",
    "/admin/mails/1",
    "/admin/audit",
    "/admin/reconcile",
    "/admin/staff",
    "/admin/account",
)


def refund_in_part(admin):
    """Refund some of the money."""
    admin.perform("Refund", "100.00", "a chip")
    admin.expect_status("partially_refunded")


def refund(admin):
    """Refund all of the money."""
    admin.perform("Refund")
    admin.expect_status("refunded")


def ship(admin):
    """Pack the order, and ship it."""
    admin.page.get_by_role("button", name="Mark as packed").click()
    admin.page.get_by_label("Tracking number").fill("TH 123")
    admin.page.get_by_role("button", name="Mark as shipped").click()
    expect(admin.main).to_contain_text("tracking number TH 123")


@pytest.fixture
def login(shop, page):
    """Logs the staff with a second factor in, as far as the password."""
    shop.command("create-staff", CAREFUL_EMAIL, "--password", STAFF_PASSWORD)

    def log_in():
        page.goto("/admin/login")
        page.get_by_label("Email").fill(CAREFUL_EMAIL)
        page.get_by_label("Password", exact=True).fill(STAFF_PASSWORD)
        page.get_by_role("button", name="Log in").click()
        return AdminPage(page)

    return log_in


def test_every_page_is_accessible_and_fits(admin, order, context, world, shop):
    place_order(context.request, world, DECLINED)
    shop.run_worker()

    problems = {}
    for path in PATHS:
        admin.page.goto(path.format(order=order))
        problems[path] = problems_on_every_screen(admin.page)

    assert {path: found for path, found in problems.items() if found} == {}


@pytest.mark.parametrize("operation", [refund_in_part, refund, ship])
def test_order_after_an_operation(admin, order, shopper, operation):
    admin.open_order(order)

    operation(admin)

    assert problems_on_every_screen(admin.page) == []
    OrderPage.open(shopper.page, order)
    assert problems_in_every_language(shopper.page) == []


def test_operation_that_is_to_be_confirmed(admin, order):
    admin.open_order(order)
    admin.start("Refund", "10.00", "a chip")

    assert problems_on_every_screen(admin.page) == []


def test_failed_order(admin, context, world):
    admin.open_order(place_order(context.request, world, DECLINED))

    assert problems_on_every_screen(admin.page) == []


def test_order_that_waits_for_the_bank(admin, shopper):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).page.go_back()
    admin.open_order(OrderPage(shopper.page).number)

    assert problems_on_every_screen(admin.page) == []


def test_order_with_notes_and_a_refused_one(admin, order, quiet_browser):
    quiet_browser.expect_status(422)
    admin.open_order(order)
    add_note(admin, "Called the customer.\nThey want a gift wrap.")
    notes = admin.main.get_by_role("region", name="Notes")
    expect(notes.get_by_text("Called the customer.")).to_have_css("white-space", "pre-line")

    add_note(admin, " ")

    expect(admin.main.get_by_text("Enter a note.")).to_have_count(1)
    assert problems_on_every_screen(admin.page) == []


def test_refused_stock(admin, quiet_browser):
    quiet_browser.expect_status(422)
    admin.go_to("Stock")
    admin.page.get_by_label("Available of Beeswax candle").fill("many")
    admin.page.get_by_role("button", name="Save").click()

    expect(admin.main).to_contain_text("Enter a whole number")
    assert problems_on_every_screen(admin.page) == []


def test_reconciliation(admin, context, world):
    place_order(context.request, world)
    admin.go_to("Reconciliation")
    admin.page.get_by_role("button", name="Reconcile").click()

    expect(admin.page.get_by_role("status")).to_contain_text("Charges compared")
    assert problems_on_every_screen(admin.page) == []


def test_refused_login(page, quiet_browser):
    quiet_browser.expect_status(422)
    page.goto("/admin/login")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    assert problems_on_every_screen(page) == []


def test_second_factor(login, page, quiet_browser):
    quiet_browser.expect_status(422)
    admin = login()
    page.goto("/admin/account")
    page.get_by_role("button", name="Set up second factor").click()
    secret = admin.main.locator("code").inner_text()
    enter_code(page, "000000", "Turn on")
    assert problems_on_every_screen(page) == []

    enter_code(page, pyotp.TOTP(secret).now(), "Turn on")
    expect(admin.heading).to_have_text("Recovery codes")
    [code, another, *_] = admin.main.locator("code").all_inner_texts()
    assert problems_on_every_screen(page) == []
    page.get_by_role("button", name="Log out").click()

    login()
    enter_code(page, "000000", "Log in")
    assert problems_on_every_screen(page) == []
    enter_code(page, code, "Log in")
    page.goto("/admin/account")
    expect(admin.main).to_contain_text("9 recovery codes left")
    assert problems_on_every_screen(page) == []

    enter_code(page, another, "Remove second factor")
    expect(page.get_by_role("button", name="Set up second factor")).to_be_visible()


def add_note(admin, text):
    """Add a note to the order, even one that the browser would refuse."""
    field = admin.page.get_by_label("Note for staff")
    field.fill(text)
    admin.page.get_by_role("button", name="Add note").click()


def enter_code(page, code, button):
    """Enter a code of the second factor."""
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name=button).click()
