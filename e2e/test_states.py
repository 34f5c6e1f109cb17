"""The states that nobody plans for: a bad network, another's outage, unusual screens."""

import re

import pytest
from playwright.sync_api import expect

from e2e.axe import violations
from e2e.cards import ASKS_THE_BANK, VISA, typed
from e2e.keyboard import press_at, write_in
from e2e.pages import (
    CardsPage,
    CartPage,
    CheckoutPage,
    LoginPage,
    OrderPage,
    ProductPage,
    SignupPage,
)
from e2e.pages.checkout import EMAIL

MUG = 390_00
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
UNREACHED = "We could not reach the card service. Check your connection and try again."
NOT_LOADED = "The card form could not load."

TIME_LIMIT = 20_000  # milliseconds that the card form waits for an answer
PATIENCE = 8_000  # milliseconds until it says that it waits for Omise's script

PLACE = "({ offsetLeft: x, offsetTop: y, offsetWidth: w, offsetHeight: h }) => [x, y, w, h]"
STYLE = "(element, name) => getComputedStyle(element)[name]"


@pytest.fixture
def clock(page):
    """The browser's clock, which a test may move."""
    page.clock.install()
    return page.clock


# The network


def test_a_shopper_who_is_offline_is_told_and_pays_once_back(shopper, omise, clock):
    checkout = shopper.at_checkout()
    checkout.enter(VISA)
    network = shopper.page.context
    network.set_offline(True)
    with shopper.page.expect_event("requestfailed"):
        checkout.press_pay()

    clock.fast_forward(TIME_LIMIT)
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    assert violations(shopper.page) == []
    network.set_offline(False)
    checkout.card.security_code.fill(VISA.security_code)

    checkout.pay().expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_vault_that_is_silent_is_given_up_in_good_time(shopper, omise, clock):
    shopper.page.route("**/provider*", lambda route: None)
    checkout = shopper.at_checkout()
    checkout.enter(VISA)
    checkout.press_pay()

    clock.fast_forward(TIME_LIMIT - 1000)
    expect(checkout.card.summary).to_be_hidden()
    clock.fast_forward(1000)

    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(checkout.pay_button).not_to_have_attribute("aria-disabled", "true")
    assert omise.payments() == []


def test_a_page_that_waits_looks_at_once_when_the_network_is_back(shopper, omise, quiet_browser):
    quiet_browser.expect(OFFLINE)
    omise.will_fail("POST", "/charges", "drop_after")
    omise.will_fail("GET", "/charges", "status", status=503, times=None)
    order = shopper.at_checkout().pay_with(VISA)
    order.expect_status("confirming")
    network = shopper.page.context
    network.set_offline(True)
    shopper.page.wait_for_event("requestfailed")
    omise.works_again()

    network.set_offline(False)

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_script_that_is_slow_is_told_of_until_it_comes(shopper, omise, clock):
    held = []
    shopper.page.route("**/omise.js", lambda route: held.append(route))
    ProductPage.open(shopper.page, "mug").add_to_cart()
    shopper.page.goto("/checkout", wait_until="commit")
    checkout = CheckoutPage(shopper.page)
    note = checkout.main.get_by_text(NOT_LOADED)
    expect(note).to_be_hidden()

    clock.fast_forward(PATIENCE)
    expect(note).to_be_visible()
    held[0].continue_()
    expect(note).to_be_hidden()

    checkout.pay_with(VISA).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_member_without_omises_script_pays_with_a_saved_card(member, omise, quiet_browser):
    quiet_browser.expect("net::ERR_FAILED")
    member.has_saved(VISA)
    member.page.route("**/omise.js", lambda route: route.abort())
    checkout = member.at_checkout()
    expect(checkout.main).to_contain_text("You can also pay with a saved card.")
    assert violations(member.page) == []

    checkout.choose(VISA.label)

    checkout.pay().expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_member_whose_saved_cards_cannot_be_shown_pays_with_a_new_one(member, omise):
    member.has_saved(VISA)
    checkout = member.at_checkout()
    omise.will_fail("GET", "/customers/*", "status", status=503, times=None)
    shown = CardsPage.open(member.page)
    expect(shown.main).to_contain_text("We cannot show your saved cards")
    assert violations(member.page) == []

    checkout = CheckoutPage.open(member.page)
    expect(checkout.main).to_contain_text("We cannot show your saved cards")
    assert violations(member.page) == []

    checkout.pay_with(VISA).expect_status("paid")


# While it works, and after


def test_paying_is_announced_and_the_button_keeps_its_place(shopper):
    shopper.page.route("**/provider*", lambda route: None)
    checkout = shopper.at_checkout()
    checkout.enter(VISA)
    before = checkout.pay_button.evaluate(PLACE)

    checkout.press_pay()

    expect(checkout.main.get_by_role("status")).to_have_text("Paying…")
    busy = checkout.form.get_by_role("button", name="Paying…")
    expect(busy).to_have_attribute("aria-disabled", "true")
    assert busy.evaluate(PLACE) == before
    assert violations(shopper.page) == []


def test_an_order_that_expired(shopper, omise):
    bank = shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK)
    bank.page.go_back()
    order = OrderPage(bank.page)
    omise.lets_time_pass(days=8)

    bank.page.reload()

    order.expect_status("expired")
    assert violations(bank.page) == []


def test_what_is_asked_before_a_card_is_deleted(member):
    cards = member.has_saved(VISA)

    cards.entry(VISA).get_by_role("button", name="Delete").click()

    expect(member.page.get_by_role("dialog", name=f"Delete {VISA.label}?")).to_be_visible()
    assert violations(member.page) == []


@pytest.mark.parametrize("form", [LoginPage, SignupPage])
def test_an_account_form_with_problems(page, quiet_browser, form):
    quiet_browser.expect("status of 422")

    form.open(page).send("nobody", "short")

    expect(form(page).summary).to_be_focused()
    assert violations(page) == []


def test_a_receipt_tells_what_happened_to_the_payment(shopper):
    shopper.at_checkout().go_to_bank_with(ASKS_THE_BANK).approve()

    order = OrderPage(shopper.page)

    order.expect_status("paid")
    expect(
        order.main.get_by_role("listitem").filter(has=shopper.page.locator("time"))
    ).to_have_text(
        [
            re.compile("Order placed"),
            re.compile("Payment received . ฿390.00"),
        ]
    )


def test_a_receipt_on_paper(shopper):
    order = shopper.has_paid_with(VISA)

    shopper.page.emulate_media(media="print")

    expect(order.main).to_contain_text(VISA.label)
    expect(order.main.get_by_text("Total")).to_be_visible()
    for name in ("navigation", "contentinfo"):
        expect(shopper.page.get_by_role(name)).to_be_hidden()
    expect(order.main.get_by_role("link", name="Continue shopping")).to_be_hidden()


# Screens and eyes


@pytest.fixture
def zoomed(new_context):
    """A page of 1280 by 1024 pixels that is shown at 400 %."""
    context = new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    return context.new_page()


def test_a_shopper_at_400_percent_buys_from_the_keyboard(zoomed, omise):
    product = ProductPage.open(zoomed, "mug")
    press_at(product.add_button, "Enter")
    press_at(CartPage(zoomed).checkout_link, "Enter")
    checkout = CheckoutPage(zoomed)
    press_at(checkout.pay_button, "Enter")
    expect(checkout.card.summary).to_be_focused()
    expect(checkout.card.summary).to_be_in_viewport()

    press_at(checkout.card.summary.get_by_role("link", name="Enter your email address."), "Enter")
    typed.append(VISA)
    write_in(checkout.email, EMAIL)
    write_in(checkout.card.name, VISA.name)
    write_in(checkout.card.number, VISA.number)
    write_in(checkout.card.expiry, VISA.expiry)
    write_in(checkout.card.security_code, VISA.security_code)
    press_at(checkout.pay_button, "Enter")

    OrderPage(zoomed).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_shopper_with_colours_of_their_own_sees_edges_and_the_focus(shopper):
    checkout = shopper.at_checkout()
    shopper.page.emulate_media(forced_colors="active")

    press_at(checkout.pay_button, "Enter")
    expect(checkout.card.summary).to_be_focused()

    for seen in (checkout.pay_button, checkout.card.number, checkout.card.summary):
        assert seen.evaluate(STYLE, "borderTopStyle") == "solid"
    assert checkout.card.summary.evaluate(STYLE, "outlineStyle") == "solid"


def test_things_turn_only_for_those_who_do_not_mind(page):
    page.goto("/styleguide")
    turning = page.locator(".spinner")
    assert turning.evaluate(STYLE, "animationName") == "none"

    page.emulate_media(reduced_motion="no-preference")

    assert turning.evaluate(STYLE, "animationName") == "spin"


def test_nothing_asks_for_more_than_a_tap(page):
    """No control is smaller than 24 pixels on a phone, on the page that has all of them."""
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/styleguide")

    for control in page.get_by_role("button").or_(page.get_by_role("radio")).all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24, control


def test_the_heading_of_every_step_is_read_in_the_title(shopper):
    shopper.has_paid_with(VISA)

    expect(shopper.page).to_have_title(re.compile("^Thank you for your order"))
