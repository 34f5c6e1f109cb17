"""Accounts and saved cards in every state, language and on every screen."""

import pytest
from playwright.sync_api import expect

from e2e.states.scene import (
    Scene,
    address,
    member,
    member_at,
    open_everything,
    order_of_a_member,
    problems_in,
    saved_cards,
    submit,
    submit_card,
)
from e2e.support.forms import submit_form
from e2e.support.screens import look_only


def password_reset(scene):
    """The link of the mail."""
    member(scene)
    scene.page.context.clear_cookies()
    submit_form(
        scene.page.request, "/password/forgot", "/password/forgot", email=scene.shopper.email
    )
    scene.page.goto(scene.shop.mailed_link("/password/reset/"))


def email_verification(scene):
    """The link of the mail."""
    member(scene)
    scene.page.goto(scene.shop.mailed_link("/account/verify/"))


def submit_password(page):
    """Submit the form of a new password, once it is unfolded, as it is."""
    open_everything(page)
    page.locator("form[action='/account/password'] button:not([type=button])").click()
    expect(page.locator("[role=alert]")).to_be_visible()


def begin_to_delete(page):
    """Press the first button that deletes a card."""
    page.locator("main li button[popovertarget]").first.click()
    expect(page.get_by_role("dialog").first).to_be_visible()


#: What is arranged, and what is done then.
STATES = {
    "log in": (address("/login"), look_only),
    "log in, errors": (address("/login"), submit),
    "sign up": (address("/signup"), look_only),
    "sign up, errors": (address("/signup"), submit),
    "forgotten password": (address("/password/forgot"), look_only),
    "forgotten password, errors": (address("/password/forgot"), submit),
    "new password": (password_reset, look_only),
    "new password, errors": (password_reset, submit),
    "email verification": (email_verification, look_only),
    "account": (order_of_a_member("/account"), open_everything),
    "account, errors": (member_at("/account"), submit_password),
    "address": (member_at("/account/address"), look_only),
    "address, errors": (member_at("/account/address"), submit),
    "no cards": (member_at("/cards"), look_only),
    "cards": (saved_cards, look_only),
    "cards, errors": (member_at("/cards"), submit_card),
    "cards, deletion": (saved_cards, begin_to_delete),
}


@pytest.mark.parametrize("state", STATES)
def test_page(state, shopper, world, shop, quiet_browser):
    if STATES[state][1] in (submit, submit_password):
        quiet_browser.expect_status(422)

    assert problems_in(Scene(shopper, world, shop), *STATES[state]) == []
