"""Omise's own form instead of the shop's: as a pop-up over the page, and embedded in it."""

import pytest
from playwright.sync_api import expect

from e2e.pages import BankPage, CheckoutPage, OrderPage, ProductPage
from e2e.pages.checkout import EMAIL, expect_script_running
from e2e.pages.omise_form import OmiseForm
from e2e.support.accessibility import violations
from e2e.support.cards import DECLINED, MASTERCARD, THREE_DS_CARD, VISA
from e2e.support.servers import with_shop

MUG = 390_00
UNREACHED = "We could not reach the card service. Check your connection and try again."

#: The status with which each dialect rejects a number with a wrong check digit.
NUMBER_REJECTED = {"documented": 402, "recorded": 400}

TIME_LIMIT = 20_000  # milliseconds that the card form waits for an answer
LIBRARY_GIVES_UP = 4_000  # milliseconds after which the library no longer waits for its form

#: What a browser may log of a message to a frame that is not, or not yet, where it should be.
ANOTHER_ORIGIN = "does not match the recipient"

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
def test_guest_pays(shopper, form, world):
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)

    form.submit(VISA, checkout.pay_button)

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_three_ds_payment_succeeds(shopper, form, world):
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)
    form.submit(THREE_DS_CARD, checkout.pay_button)

    BankPage(shopper.page).approve()

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_declined_card_is_followed_by_another(shopper, form, world):
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)
    form.submit(DECLINED, checkout.pay_button)
    order = OrderPage(shopper.page)
    order.expect_status("payment_failed")

    order.try_again_link.click()
    checkout = CheckoutPage(shopper.page)
    checkout.email.fill(EMAIL)
    form.submit(VISA, checkout.pay_button)

    order.expect_status("paid")
    assert world.payments() == [(MUG, "failed"), (MUG, "successful")]


def test_member_saves_a_card_while_paying_and_pays_with_it(member, form, world):
    checkout = member.go_to_checkout()
    checkout.save_box.check()
    form.submit(VISA, checkout.pay_button)
    OrderPage(member.page).expect_status("paid")

    checkout = member.go_to_checkout()
    checkout.select_method(VISA.label)
    checkout.click_pay()

    OrderPage(member.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")] * 2


def test_member_saves_a_card(member, form, world):
    member.page.goto("/cards")

    form.submit(MASTERCARD, member.page.get_by_role("button", name="Save card"))

    expect(member.page.get_by_role("main")).to_contain_text(MASTERCARD.label)
    assert world.saved_cards() == ["4444"]


def test_missing_email_is_reported_without_a_charge(shopper, form, world):
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)

    checkout.click_pay()

    expect(checkout.card.summary).to_contain_text("Enter your email address.")
    assert world.payments() == []


def test_another_payment_method_stands_beside_it(shopper, world):
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)

    checkout.select_method("PromptPay")
    checkout.click_pay()

    OrderPage(shopper.page).expect_status("awaiting_payment")
    assert world.payments() == [(MUG, "pending")]


@pytest.mark.both_dialects
def test_rejected_card_leaves_the_form_open(
    shopper, form, world, quiet_browser, card_form, dialect
):
    quiet_browser.expect_status(NUMBER_REJECTED[dialect])
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)

    form.submit(VISA, checkout.pay_button, number="4242424242424241")

    expect(form.problem).not_to_be_empty()
    if card_form == "embedded":
        expect(checkout.card.summary).to_be_visible()
    form.close()
    expect(checkout.form).not_to_have_attribute("aria-busy", "true")
    assert world.payments() == []


def test_library_that_does_not_load_is_reported(shopper, page, quiet_browser):
    quiet_browser.allow("omise.js")
    page.route("**/omise.js", lambda route: route.abort())
    checkout = shopper.go_to_checkout()
    expect_script_running(page)
    checkout.email.fill(EMAIL)

    checkout.click_pay()

    expect(checkout.card.summary).to_contain_text("The card form could not load.")
    expect(checkout.card.summary).to_contain_text("You have not been charged.")
    expect(checkout.form).not_to_have_attribute("aria-busy", "true")


def test_press_before_the_form_has_loaded_is_queued(shopper, form, card_form, world, clock):
    held = []
    shopper.page.route("**/pay.html", lambda route: held.append(route))
    checkout = open_checkout(shopper)
    checkout.begin_to_pay()
    clock.fast_forward(LIBRARY_GIVES_UP)
    expect(checkout.form).to_have_attribute("aria-busy", "true")

    held[0].continue_()

    if card_form == "embedded":
        expect(checkout.card.summary).to_contain_text("Card number")
    form.fill(VISA)
    form.press(checkout.pay_button)
    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_form_that_does_not_load_is_given_up_and_loaded_at_the_next_press(
    shopper, form, card_form, world, clock, quiet_browser
):
    quiet_browser.allow("pay.html", ANOTHER_ORIGIN)
    shopper.page.route("**/pay.html", lambda route: route.abort(), times=1)
    checkout = open_checkout(shopper)
    checkout.begin_to_pay()
    expect(checkout.form).to_have_attribute("aria-busy", "true")
    clock.fast_forward(TIME_LIMIT)
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(checkout.form).not_to_have_attribute("aria-busy", "true")

    checkout.click_pay()

    if card_form == "embedded":
        expect(checkout.card.summary).to_contain_text("Card number")
    form.fill(VISA)
    form.press(checkout.pay_button)
    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def open_checkout(shopper):
    """The checkout of a guest, before its frames have loaded."""
    ProductPage.open(shopper.page, "mug").add_to_cart()
    shopper.page.goto("/checkout", wait_until="commit")
    checkout = CheckoutPage(shopper.page).with_address()
    expect_script_running(shopper.page)
    checkout.email.fill(EMAIL)
    return checkout


def test_without_javascript_a_notice_explains(shopper_without_javascript):
    checkout = shopper_without_javascript.go_to_checkout()

    notice = checkout.main.locator("noscript .omise-notice")
    expect(notice).to_contain_text("Entering a new card requires JavaScript.")


def test_content_policy_is_relaxed_on_pages_with_the_form_only(member, world, quiet_browser):
    checkout = member.go_to_checkout()
    policy = policy_of(checkout.page.request.get("/checkout"))
    assert policy["frame-src"] == world.url
    assert policy["style-src"] == "'self'"
    assert checkout.page.evaluate(STYLE_ATTRIBUTE) == "fixed"

    member.page.goto("/cart")

    assert "frame-src" not in policy_of(member.page.request.get("/cart"))
    quiet_browser.allow("CSP: style-src-attr")
    assert member.page.evaluate(STYLE_ATTRIBUTE) == "static"


def test_form_is_accessible(shopper, form, card_form, quiet_browser):
    quiet_browser.allow(ANOTHER_ORIGIN)  # axe sends a message to every frame
    checkout = shopper.go_to_checkout()
    checkout.email.fill(EMAIL)
    if card_form == "popup":
        checkout.click_pay()
    expect(form.number).to_be_visible()

    assert violations(shopper.page) == []


def policy_of(answer):
    """The content policy of an answer, rule by rule."""
    rules = answer.headers["content-security-policy"].split("; ")
    return dict(rule.split(" ", 1) for rule in rules)
