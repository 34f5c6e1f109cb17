"""A bad network, and outages of Omise."""

import re

from playwright.sync_api import expect

from e2e.pages import CardsPage, CheckoutPage, OrderPage, ProductPage
from e2e.pages.checkout import CHECK, EMAIL
from e2e.support.accessibility import violations
from e2e.support.cards import VISA
from e2e.support.purchases import save_cards

MUG = 390_00
OFFLINE = ("net::ERR_INTERNET_DISCONNECTED", "NS_ERROR_OFFLINE")
UNREACHED = "We could not reach the card service. Check your connection and try again."
NOT_LOADED = "The card form could not load."

#: The hidden frame through which Omise.js creates tokens.
PROVIDER = re.compile(r"/provider\?")

TIME_LIMIT = 20_000  # milliseconds that the card form waits for an answer
NOTICE_AFTER = 8_000  # milliseconds until it says that it waits for Omise's script


def expect_busy(checkout):
    """The press is taken, and the form waits."""
    expect(checkout.form).to_have_attribute("aria-busy", "true")
    expect(checkout.pay_button).to_have_attribute("aria-disabled", "true")


def expect_unreached(checkout):
    """The form has given up, in words, and may be submitted again."""
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(checkout.card.summary).to_contain_text("You have not been charged.")
    expect(checkout.form).not_to_have_attribute("aria-busy", "true")


def test_shopper_who_was_offline_pays_without_a_reload(shopper, world, clock, quiet_browser):
    quiet_browser.allow(*OFFLINE)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    network = shopper.page.context
    network.set_offline(True)
    with shopper.page.expect_event("requestfailed", lambda it: it.url.endswith(CHECK)):
        checkout.click_pay()
    expect_busy(checkout)
    clock.fast_forward(TIME_LIMIT)
    expect_unreached(checkout)
    assert violations(shopper.page) == []
    checkout.card.security_code.fill(VISA.security_code)
    checkout.click_pay()
    expect_unreached(checkout)

    network.set_offline(False)
    expect(checkout.email).to_have_value(EMAIL)
    expect(checkout.card.number).to_have_value("4242 4242 4242 4242")
    checkout.card.security_code.fill(VISA.security_code)

    checkout.pay().expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_dead_provider_frame_is_replaced_at_the_next_press(shopper, world, clock, quiet_browser):
    """The library itself waits for half a minute, in which its frame answers no call."""
    quiet_browser.allow("/provider")
    shopper.page.route(PROVIDER, lambda route: route.abort(), times=1)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    checkout.begin_to_pay()
    expect_busy(checkout)
    clock.fast_forward(TIME_LIMIT)
    expect_unreached(checkout)

    checkout.card.security_code.fill(VISA.security_code)

    checkout.pay().expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_press_before_the_provider_frame_is_ready_pays_once(shopper, world):
    held = []
    shopper.page.route(PROVIDER, lambda route: held.append(route))
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    with shopper.page.expect_request(PROVIDER):
        checkout.click_pay()
    expect_busy(checkout)
    checkout.pay_button.click(force=True)

    held[0].continue_()

    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_silent_vault_is_given_up_after_the_time_limit(shopper, world, clock):
    shopper.page.route(PROVIDER, lambda route: None)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    checkout.begin_to_pay()

    clock.fast_forward(TIME_LIMIT - 1000)
    expect(checkout.card.summary).to_be_hidden()
    clock.fast_forward(1000)

    expect_unreached(checkout)
    assert world.payments() == []


def test_missing_library_is_loaded_at_the_next_press(shopper, world, quiet_browser):
    quiet_browser.allow("omise.js")
    shopper.page.route("**/omise.js", lambda route: route.abort(), times=1)
    checkout = shopper.go_to_checkout()
    note = checkout.main.get_by_text(NOT_LOADED)
    expect(note).to_be_visible()

    checkout.fill(VISA)

    checkout.pay().expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_waiting_order_polls_at_once_when_the_network_is_back(shopper, world, quiet_browser):
    quiet_browser.allow(*OFFLINE)
    world.add_fault("POST", "/charges", "drop_after")
    world.add_fault("GET", "/charges", "status", status=503, times=None)
    order = shopper.go_to_checkout().pay_with(VISA)
    order.expect_status("confirming")
    network = shopper.page.context
    network.set_offline(True)
    shopper.page.wait_for_event("requestfailed")
    world.clear_faults()

    network.set_offline(False)

    order.expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_slow_script_is_announced_until_it_loads(shopper, world, clock):
    held = []
    shopper.page.route("**/omise.js", lambda route: held.append(route))
    ProductPage.open(shopper.page, "mug").add_to_cart()
    shopper.page.goto("/checkout", wait_until="commit")
    checkout = CheckoutPage(shopper.page).with_address()
    note = checkout.main.get_by_text(NOT_LOADED)
    expect(note).to_be_hidden()

    clock.fast_forward(NOTICE_AFTER)
    expect(note).to_be_visible()
    held[0].continue_()
    expect(note).to_be_hidden()

    checkout.pay_with(VISA).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_saved_card_pays_without_the_script_of_omise(member, world, quiet_browser):
    quiet_browser.allow("omise.js")
    save_cards(member.page.request, world, VISA)
    member.page.route("**/omise.js", lambda route: route.abort())
    checkout = member.go_to_checkout()
    expect(checkout.main).to_contain_text("You can also pay with a saved card.")
    assert violations(member.page) == []

    checkout.select_method(VISA.label)

    checkout.pay().expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_new_card_pays_when_saved_cards_are_unavailable(member, world):
    save_cards(member.page.request, world, VISA)
    checkout = member.go_to_checkout()
    world.add_fault("GET", "/customers/*", "status", status=503, times=None)
    cards = CardsPage.open(member.page)
    expect(cards.main).to_contain_text("We cannot show your saved cards")
    assert violations(member.page) == []

    checkout = CheckoutPage.open(member.page)
    expect(checkout.main).to_contain_text("We cannot show your saved cards")
    assert violations(member.page) == []

    checkout.pay_with(VISA).expect_status("paid")
