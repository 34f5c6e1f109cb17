"""The checkout in every state, language and on every screen."""

import pytest

from e2e.pages import OrderPage
from e2e.states.scene import (
    Scene,
    checkout,
    choose,
    open_everything,
    payment_failed,
    problems_in,
    saved_cards,
    sold_out,
    submit_card,
)
from e2e.support.screens import look_only


def checkout_after_a_decline(scene):
    """The link "Try again"."""
    payment_failed(scene)
    OrderPage(scene.page).try_again_link.click()


def checkout_with_saved_cards(scene):
    """Two saved cards, one of them chosen."""
    saved_cards(scene)
    scene.shopper.go_to_checkout()


def new_card(page):
    """Choose to enter a new card."""
    page.locator("[name=card][value='']").check()


#: What is arranged, and what is done then.
STATES = {
    "checkout": (checkout, look_only),
    "checkout, open": (checkout, open_everything),
    "checkout, errors": (checkout, submit_card),
    "checkout, QR code": (checkout, choose("promptpay")),
    "checkout, wallet": (checkout, choose("truemoney_jumpapp")),
    "checkout, installments": (checkout, choose("installments")),
    "checkout, sold out": (sold_out("/checkout"), look_only),
    "checkout, declined": (checkout_after_a_decline, look_only),
    "checkout, saved cards": (checkout_with_saved_cards, look_only),
    "checkout, new card": (checkout_with_saved_cards, new_card),
}


@pytest.mark.parametrize("state", STATES)
def test_page(state, shopper, world, shop):
    assert problems_in(Scene(shopper, world, shop), *STATES[state]) == []
