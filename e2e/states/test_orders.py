"""Orders in every state, language and on every screen."""

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.states.scene import (
    Scene,
    member_at,
    open_everything,
    order_of_a_member,
    pay_by,
    payment_failed,
    problems_in,
)
from e2e.support.cards import THREE_DS_CARD
from e2e.support.purchases import place_order
from e2e.support.screens import look_only, problems_in_every_language


def three_ds(scene):
    """Back from the bank without an answer."""
    scene.shopper.go_to_checkout().go_to_bank_with(THREE_DS_CARD).page.go_back()
    OrderPage(scene.page).expect_status("awaiting_payment")


def expired(scene):
    """The bank was never answered."""
    three_ds(scene)
    scene.world.advance_clock(days=8)
    scene.page.reload()
    OrderPage(scene.page).expect_status("expired")


def expired_code(scene):
    """A QR code that was not paid."""
    pay_by("PromptPay")(scene)
    scene.world.expire_charge()
    OrderPage(scene.page).expect_status("expired")


def confirming(scene):
    """A charge whose answer was lost."""
    scene.world.add_fault("POST", "/charges", "drop_after")
    scene.world.add_fault("GET", "/charges", "status", status=503, times=None)
    order = place_order(scene.page.request, scene.world)
    OrderPage.open(scene.page, order).expect_status("confirming")


def paid(scene):
    """The receipt of a guest."""
    OrderPage.open(scene.page, place_order(scene.page.request, scene.world)).expect_status("paid")


#: What is arranged, and what is done then.
STATES = {
    "failed": (payment_failed, look_only),
    "3-D Secure": (three_ds, look_only),
    "expired": (expired, look_only),
    "QR code": (pay_by("PromptPay"), open_everything),
    "expired QR code": (expired_code, look_only),
    "wallet": (pay_by("K PLUS"), look_only),
    "confirming": (confirming, look_only),
    "paid": (paid, look_only),
    "no orders": (member_at("/orders"), look_only),
    "orders": (order_of_a_member("/orders"), look_only),
}


@pytest.mark.parametrize("state", STATES)
def test_page(state, shopper, world, shop):
    assert problems_in(Scene(shopper, world, shop), *STATES[state]) == []


def test_order_link_that_has_expired(page, world, shop, quiet_browser):
    link = shop.old_order_link(place_order(page.request, world))
    quiet_browser.expect_status(410)
    page.goto(link)
    expect(page.get_by_role("button", name="Send a new link")).to_be_visible()

    assert problems_in_every_language(page, path=link) == []
