"""Omise's own form instead of ours: as a pop-up over the page, and embedded in it."""

import pytest
from playwright.sync_api import expect

from e2e.pages import BankPage, CheckoutPage, OrderPage
from e2e.pages.checkout import EMAIL, expect_alive
from e2e.pages.omise_form import OmiseForm
from e2e.support.accessibility import violations
from e2e.support.cards import ASKS_THE_BANK, DECLINED, MASTERCARD, VISA
from e2e.support.servers import with_shop
from e2e.support.shopper import Shopper

MUG = 390_00

#: Gives an element a style attribute, as Omise's library does, and says whether it took.
STYLE_ATTRIBUTE = """() => {
  const frame = document.createElement("div")
  frame.setAttribute("style", "position: fixed")
  document.body.append(frame)
  return getComputedStyle(frame).position
}"""


pytestmark = with_shop(popup={"CARD_FORM": "popup"}, embedded={"CARD_FORM": "embedded"})


@pytest.fixture
def card_form(shop_settings):
    """Which kind of Omise's form the shop shows."""
    return shop_settings["CARD_FORM"]


@pytest.fixture
def form(page, card_form):
    """Omise's form on the page of the shopper."""
    return OmiseForm(page, is_popup=card_form == "popup")


@pytest.mark.both_dialects
def test_a_guest_pays(shopper, form, omise):
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)

    form.send(VISA, checkout.pay_button)

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.both_dialects
def test_the_bank_is_asked(shopper, form, omise):
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)
    form.send(ASKS_THE_BANK, checkout.pay_button)

    BankPage(shopper.page).approve()

    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_declined_card_is_followed_by_another(shopper, form, omise):
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)
    form.send(DECLINED, checkout.pay_button)
    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")

    order.try_again_link.click()
    checkout = CheckoutPage(shopper.page)
    checkout.email.fill(EMAIL)
    form.send(VISA, checkout.pay_button)

    order.expect_status("paid")
    assert omise.payments() == [(MUG, "failed"), (MUG, "successful")]


def test_a_member_keeps_a_card_and_pays_with_it(member, form, omise):
    checkout = member.at_checkout()
    checkout.save_box.check()
    form.send(VISA, checkout.pay_button)
    OrderPage(member.page).expect_status("paid")

    checkout = member.at_checkout()
    checkout.choose(VISA.label)
    checkout.press_pay()

    OrderPage(member.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")] * 2


def test_a_member_saves_a_card(member, form, omise):
    member.page.goto("/cards")

    form.send(MASTERCARD, member.page.get_by_role("button", name="Save card"))

    expect(member.page.get_by_role("main")).to_contain_text(MASTERCARD.label)
    assert omise.cards_kept() == ["4444"]


def test_what_is_missing_is_said_before_omise_is_asked(shopper, form, omise):
    checkout = shopper.at_checkout()
    expect_alive(shopper.page)

    checkout.press_pay()

    expect(checkout.card.summary).to_contain_text("Enter your email address.")
    assert omise.payments() == []


def test_another_way_to_pay_stands_beside_it(shopper, omise):
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)

    checkout.choose("PromptPay")
    checkout.press_pay()

    OrderPage(shopper.page).expect_status("awaiting_payment")
    assert omise.payments() == [(MUG, "pending")]


def test_a_form_that_is_refused_a_token_stays(shopper, form, omise, quiet_browser, card_form):
    quiet_browser.expect("status of 402")
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)

    form.send(VISA, checkout.pay_button, number="4242424242424241")

    expect(form.problem).not_to_be_empty()
    if card_form == "embedded":
        expect(checkout.card.summary).to_be_visible()
    form.close()
    expect(checkout.form).not_to_have_attribute("aria-busy", "true")
    assert omise.payments() == []


#: What a browser logs when it does not get the script, and the library when its frame is empty.
WORDS_OF_A_MISSING = {"omise.js": "ERR_FAILED", "pay.html": "does not match the recipient"}


@pytest.mark.parametrize("path", WORDS_OF_A_MISSING)
def test_a_form_that_does_not_come_is_spoken_of(shopper, page, quiet_browser, path):
    quiet_browser.expect(WORDS_OF_A_MISSING[path])
    page.route(f"**/{path}", lambda route: route.abort())
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)

    checkout.press_pay()

    expect(checkout.card.summary).to_contain_text("You have not been charged.")
    expect(checkout.form).not_to_have_attribute("aria-busy", "true")


def test_without_scripts_it_says_what_a_new_card_needs(new_context):
    plain = Shopper(new_context(java_script_enabled=False).new_page())

    checkout = plain.at_checkout()

    notice = checkout.main.locator("noscript .notice")
    expect(notice).to_contain_text("A new card needs JavaScript.")


@pytest.mark.both_dialects
def test_the_content_policy_gives_way_on_pages_with_the_form_only(member, omise, quiet_browser):
    checkout = member.at_checkout()
    policy = policy_of(checkout.page.request.get("/checkout"))
    assert policy["frame-src"] == omise.url
    assert policy["style-src"] == "'self'"
    assert checkout.page.evaluate(STYLE_ATTRIBUTE) == "fixed"

    member.page.goto("/cart")

    assert "frame-src" not in policy_of(member.page.request.get("/cart"))
    quiet_browser.expect("violates the following Content Security Policy", "style-src-attr")
    assert member.page.evaluate(STYLE_ATTRIBUTE) == "static"


def test_the_form_is_open_to_everybody(shopper, form, card_form, quiet_browser):
    quiet_browser.expect("does not match the recipient")  # axe knocks at every frame
    checkout = shopper.at_checkout()
    checkout.email.fill(EMAIL)
    if card_form == "popup":
        checkout.press_pay()
    expect(form.number).to_be_visible()

    assert violations(shopper.page) == []


def policy_of(answer):
    """The content policy of an answer, rule by rule."""
    rules = answer.headers["content-security-policy"].split("; ")
    return dict(rule.split(" ", 1) for rule in rules)
