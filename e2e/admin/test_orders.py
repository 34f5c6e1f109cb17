"""Staff log in, find orders, read their history, and log out."""

import re

from playwright.sync_api import expect

from e2e.pages.checkout import EMAIL
from e2e.support.cards import VISA
from e2e.support.purchases import save_cards
from e2e.support.screens import problems_on_every_screen
from e2e.support.shops import STAFF_EMAIL, STAFF_PASSWORD

#: Buys a mug so many times with the saved card: the numbers of the orders, the oldest first.
BUY_REPEATEDLY = """async (times) => {
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


def test_wrong_password_is_rejected(staff_account, page, quiet_browser):
    quiet_browser.expect_status(422)
    page.goto("/admin/orders")
    page.get_by_label("Email").fill(STAFF_EMAIL)
    page.get_by_label("Password", exact=True).fill("a guess that is long enough")

    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(STAFF_EMAIL)
    expect(page.get_by_role("link", name="Orders")).to_have_count(0)


def test_order_is_found_with_its_history(admin, order):
    admin.search_orders(order.lower())
    admin.row(order).get_by_role("link").click()

    admin.expect_status("paid")
    for entry, detail in (
        ("Order placed", ""),
        ("Charge of ฿390.00", "chrg_test_"),
        ("Confirming payment → Paid", "chrg_test_"),
        ("Webhook charge.create", "evnt_test_"),
    ):
        row = admin.row(entry)
        expect(row).to_contain_text(detail)
        expect(row.locator("time")).to_have_text(re.compile(r"^\d+ \w+ \d{4}, \d\d:\d\d:\d\d "))

    charge = admin.row("Confirming payment → Paid")
    link = charge.get_by_role("link", name="chrg_test_")
    expect(link).to_be_hidden()
    charge.get_by_text("Charge …").click()
    expect(link).to_be_visible()
    assert problems_on_every_screen(admin.page) == []


def test_orders_are_found_by_email_and_status(admin, order):
    admin.search_orders(EMAIL.upper())
    expect(admin.row(order)).to_be_visible()

    admin.page.get_by_label("Status").select_option("refunded")
    admin.page.get_by_role("button", name="Search").click()

    expect(admin.row(order)).to_have_count(0)


def test_long_list_of_orders_has_pages(admin, member, world):
    save_cards(member.page.request, world, VISA)
    member.page.goto("/account")
    numbers = member.page.evaluate(BUY_REPEATEDLY, 26)
    admin.search_orders(member.email)
    shown = admin.main.get_by_role("row").filter(has_text=member.email).get_by_role("link")
    expect(shown).to_have_text(numbers[:0:-1])

    admin.page.get_by_role("link", name="Older").click()

    expect(shown).to_have_text(numbers[:1])
    expect(admin.page.get_by_role("link", name="Older")).to_have_count(0)


def test_staff_log_out_and_in(admin):
    page = admin.page
    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/orders")
    expect(admin.heading).to_have_text("Staff login")

    page.get_by_label("Email").fill(STAFF_EMAIL)
    page.get_by_label("Password", exact=True).fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("button", name="Log out")).to_be_visible()
