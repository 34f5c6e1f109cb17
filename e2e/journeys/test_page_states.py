"""Pages between the steps of a payment, and after it."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CardsPage, LoginPage, OrderPage, SignupPage
from e2e.support.accessibility import violations
from e2e.support.cards import THREE_DS_CARD, VISA
from e2e.support.purchases import place_order, save_cards
from e2e.support.shopper import PASSWORD

PLACE = "({ offsetLeft: x, offsetTop: y, offsetWidth: w, offsetHeight: h }) => [x, y, w, h]"


def test_paying_is_announced_and_the_button_keeps_its_place(shopper):
    shopper.page.route("**/provider*", lambda route: None)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    before = checkout.pay_button.evaluate(PLACE)

    checkout.click_pay()

    expect(checkout.main.locator("p[role=status]")).to_have_text("Paying…")
    busy = checkout.form.get_by_role("button", name="Paying…")
    expect(busy).to_have_attribute("aria-disabled", "true")
    assert busy.evaluate(PLACE) == before
    assert violations(shopper.page) == []


def test_expired_order(shopper, world):
    bank = shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD)
    bank.page.go_back()
    order = OrderPage(bank.page)
    world.advance_clock(days=8)

    bank.page.reload()

    order.expect_status("expired")
    assert violations(bank.page) == []


def test_confirmation_of_a_deleted_card(member, world):
    save_cards(member.page.request, world, VISA)
    cards = CardsPage.open(member.page)

    cards.entry(VISA).get_by_role("button", name="Delete").click()

    expect(member.page.get_by_role("dialog", name=f"Delete {VISA.label}?")).to_be_visible()
    assert violations(member.page) == []


@pytest.mark.parametrize("form", [LoginPage, SignupPage])
def test_account_form_with_errors(page, quiet_browser, form):
    quiet_browser.expect_status(422)

    form.open(page).submit("not an address", "short")

    expect(form(page).summary).to_be_focused()
    assert violations(page) == []


def test_guest_creates_an_account_from_the_receipt(shopper):
    shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).approve()
    order = OrderPage(shopper.page)
    order.expect_status("paid")
    expect(order.main.get_by_role("button", name="Print")).to_be_visible()

    order.main.get_by_label("Password", exact=True).fill(PASSWORD)
    order.main.get_by_role("button", name="Create account").click()

    expect(order.main.get_by_role("heading", name="Create an account")).to_be_hidden()
    OrderPage(shopper.page).expect_status("paid")
    expect(shopper.page.get_by_role("link", name="Orders")).to_be_visible()


def test_printed_receipt(page, world):
    order = OrderPage.open(page, place_order(page.request, world))

    page.emulate_media(media="print")

    expect(order.main).to_contain_text(VISA.label)
    expect(order.main.get_by_text("Total", exact=True)).to_be_visible()
    for name in ("navigation", "contentinfo"):
        expect(page.get_by_role(name)).to_be_hidden()
    expect(order.main.get_by_role("link", name="Continue shopping")).to_be_hidden()
