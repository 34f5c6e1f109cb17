"""The back office: what staff do all day, in a browser."""

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from e2e.cards import DECLINED, VISA, Card
from e2e.pages import OrderPage
from e2e.pages.checkout import EMAIL
from e2e.pages.office import OfficePage
from e2e.test_accessibility import violations

STAFF, PASSWORD = "anong@example.com", "a quiet lantern in the office"
MUG = 390_00
WITHOUT_MONEY = Card("4111111111140011")

#: Buys a mug so many times with the saved card, and gives the orders' numbers, the oldest first.
BUY_OFTEN = """async (times) => {
  const answer = await fetch("/cards", { headers: { Accept: "application/json" } })
  const card = (await answer.json()).cards[0].id
  const csrf = document.querySelector("meta[name=csrf-token]").content
  const numbers = []
  while (numbers.length < times) {
    const mug = new URLSearchParams({ sku: "mug", quantity: "1", csrf_token: csrf })
    await fetch("/cart", { method: "POST", body: mug, redirect: "manual" })
    const response = await fetch("/charge", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ card }),
    })
    numbers.push((await response.json()).order)
  }
  return numbers
}"""


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
    number = shopper.has_paid_with(VISA).number
    omise.has_told()
    return number


@pytest.mark.both_dialects
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
    for what, detail in (
        ("Order placed", order),
        ("Attempt to charge ฿390.00", "chrg_test_"),
        ("confirming → paid", "chrg_test_"),
        ("Webhook charge.create", "evnt_test_"),
    ):
        row = office.row(what)
        expect(row).to_contain_text(detail)
        expect(row.locator("time")).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\."))


@pytest.mark.both_dialects
def test_orders_are_found_by_email_and_by_status(office, order):
    office.find(EMAIL.upper())
    expect(office.row(order)).to_be_visible()

    office.page.get_by_label("Status").select_option("refunded")
    office.page.get_by_role("button", name="Show").click()

    expect(office.row(order)).to_have_count(0)


@pytest.mark.both_dialects
def test_a_long_list_of_orders_goes_on_on_another_page(office, member):
    member.has_saved(VISA)
    numbers = member.page.evaluate(BUY_OFTEN, 26)
    office.find(member.email)
    shown = office.main.get_by_role("row").filter(has_text=member.email).get_by_role("link")
    expect(shown).to_have_text(numbers[:0:-1])

    office.page.get_by_role("link", name="Older").click()

    expect(shown).to_have_text(numbers[:1])
    expect(office.page.get_by_role("link", name="Older")).to_have_count(0)


class Day(NamedTuple):
    """What the page of the day says."""

    orders_paid: int
    money_paid: int
    payments_made: int
    payments_failed: int
    without_money: int


@pytest.mark.both_dialects
def test_the_day_is_summed_up_and_drawn(office, shopper, another_shopper):
    before = read_day(office)
    shopper.has_paid_with(VISA)
    shopper.has_paid_with(VISA)
    another_shopper.at_checkout().pay_with(WITHOUT_MONEY).expect_status("payment_failed")

    after = read_day(office)

    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 2 * MUG, 2, 1, 1]
    for chart in ("Payments by hour", "Failed payments by reason"):
        expect(office.page.get_by_role("img", name=chart)).to_be_visible()


def read_day(office):
    """The figures of today."""
    office.page.goto("/admin")
    sums = office.main.get_by_role("region", name="Orders of the day").get_by_role("row")
    paid = figures(sums.filter(has_text=re.compile(r"^\s*Paid\b"))) or [(0, 0)]
    hours = figures(office.main.locator("details tbody tr"))
    reasons = " ".join(office.main.locator("svg title").all_text_contents())
    without_money = re.findall(r"insufficient_fund (\d+)", reasons)
    made, failed = (sum(column) for column in zip(*hours, strict=True))
    return Day(*paid[0], made, failed, sum(map(int, without_money)))


def figures(rows):
    """The two figures of each row, without what separates their digits."""
    texts = rows.locator("td.figures").all_text_contents()
    numbers = [int(re.sub(r"\D", "", text)) for text in texts]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


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
    office.go_to("Audit", "Audit log")
    for words in (STAFF, "replayed an event"):
        expect(office.row(event)).to_contain_text(words)


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


@pytest.mark.both_dialects
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


@pytest.mark.both_dialects
def test_who_did_what_is_kept(office, order):
    office.open_order(order)
    office.move("Refund", "10.00", "a chip")
    expect(office.row(f"{STAFF}: refund")).to_contain_text("฿10.00 a chip")

    office.go_to("Audit", "Audit log")

    row = office.row(order).first
    for words in (STAFF, "refund", "฿10.00 a chip"):
        expect(row).to_contain_text(words)


@pytest.mark.both_dialects
def test_one_mail_tells_of_the_payment_and_one_of_the_refund(office, order, running_shop):
    office.open_order(order)
    office.move("Refund", "100.00")
    running_shop.works_off()

    office.go_to("Mails")
    expect(office.row(order)).to_have_count(2)
    office.row(order).get_by_role("link", name="Your refund").click()
    expect(office.main).to_contain_text("฿100.00 of the ฿390.00")

    office.go_to("Mails")
    office.row(order).get_by_role("link", name="Your receipt").click()
    expect(office.main).to_contain_text("Stoneware mug \N{MULTIPLICATION SIGN} 1: ฿390.00")


@pytest.mark.both_dialects
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
