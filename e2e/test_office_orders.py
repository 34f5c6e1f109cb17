"""Staff come in, look for an order, read its story, and go home."""

import re

import pytest
from playwright.sync_api import expect

from e2e.cards import VISA
from e2e.pages.checkout import EMAIL
from e2e.pages.office import STAFF

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


@pytest.mark.both_dialects
def test_nobody_comes_in_with_a_wrong_password(staff_account, page, quiet_browser):
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
    office.page.get_by_role("button", name="Search").click()

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


def test_staff_go_home(office):
    office.page.get_by_role("button", name="Log out").click()

    office.page.goto("/admin/orders")
    expect(office.heading).to_have_text("Staff login")
