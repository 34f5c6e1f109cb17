"""Every page in every state is accessible and fits, in three languages, on every screen.

A state is arranged once, in English. Its page is then opened in each language, and the shopper acts
on it in each: by selectors, since the words differ.
"""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import OrderPage
from e2e.pages.checkout import expect_script_running
from e2e.pages.errors import ErrorPage
from e2e.support.cards import DECLINED, MASTERCARD, THREE_DS_CARD, VISA
from e2e.support.forms import submit_form
from e2e.support.sandbox import World
from e2e.support.screens import look_only, problems_in_every_language
from e2e.support.servers import with_shop
from e2e.support.shopper import Shopper
from e2e.support.shops import Shop

OPEN_ALL = "(all) => all.forEach((details) => { details.open = true })"


class Scene(NamedTuple):
    """Who and what takes part in a state."""

    shopper: Shopper
    world: World
    shop: Shop

    @property
    def page(self) -> Page:
        """The page that is looked at."""
        return self.shopper.page


# What is arranged once


def address(path):
    """A page that needs nothing before it."""
    return lambda scene: scene.page.goto(path)


def sold_out_product(scene):
    """A product of which nothing is left."""
    scene.shop.command("stock", "basket", "0")
    scene.page.goto("/products/basket")


def cart(scene):
    """Two products."""
    scene.shopper.add_to_cart("lamp")
    scene.shopper.add_to_cart("mug", 3)
    scene.page.goto("/cart")


def checkout(scene):
    """Two products, as a guest."""
    cart(scene)
    scene.page.goto("/checkout")


def sold_out(path):
    """A page with a product that was sold out since it was put in the cart."""

    def arrange(scene):
        scene.shop.command("stock", "basket", "1")
        cart(scene)
        scene.shopper.add_to_cart("basket")
        scene.shop.command("stock", "basket", "0")
        scene.page.goto(path)

    return arrange


def payment_failed(scene):
    """A card that the bank declines."""
    scene.shopper.go_to_checkout().pay_with(DECLINED).expect_status("payment_failed")


def checkout_after_a_decline(scene):
    """The link "Try again"."""
    payment_failed(scene)
    OrderPage(scene.page).try_again_link.click()


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


#: Methods whose order page leads to another page by itself.
REDIRECTS = ("K PLUS",)


def pay_by(method):
    """Another method, as far as its order page."""

    def arrange(scene):
        scene.shopper.go_to_checkout().pay_by(method)
        scene.page.wait_for_url(re.compile("/orders/|/payments/"))
        if method in REDIRECTS:
            scene.page.wait_for_url("**/payments/**")
            scene.page.go_back()
        OrderPage(scene.page).expect_status("awaiting_payment")

    return arrange


def expired_code(scene):
    """A QR code that was not paid."""
    pay_by("PromptPay")(scene)
    scene.world.expire_charge()
    OrderPage(scene.page).expect_status("expired")


def confirming(scene):
    """A charge whose answer was lost."""
    scene.world.add_fault("POST", "/charges", "drop_after")
    scene.world.add_fault("GET", "/charges", "status", status=503, times=None)
    scene.shopper.go_to_checkout().pay_with(VISA).expect_status("confirming")


def paid(scene):
    """The receipt of a guest."""
    scene.shopper.buy_with(VISA)


def member(scene):
    """A new account."""
    scene.shopper.sign_up()


def member_at(path):
    """A page of a new member."""

    def arrange(scene):
        member(scene)
        scene.page.goto(path)

    return arrange


def saved_cards(scene):
    """Two saved cards."""
    member(scene)
    scene.shopper.save_cards(VISA, MASTERCARD)


def checkout_with_saved_cards(scene):
    """Two saved cards, one of them chosen."""
    saved_cards(scene)
    scene.shopper.go_to_checkout()


def order_of_a_member(path):
    """A page of a member who has bought something."""

    def arrange(scene):
        member(scene)
        scene.shopper.buy_with(VISA)
        scene.page.goto(path)

    return arrange


def password_reset(scene):
    """The link of the mail."""
    member(scene)
    scene.page.context.clear_cookies()
    submit_form(scene.page, "/password/forgot", "/password/forgot", email=scene.shopper.email)
    scene.page.goto(scene.shop.mailed_link("/password/reset/"))


def email_verification(scene):
    """The link of the mail."""
    member(scene)
    scene.page.goto(scene.shop.mailed_link("/account/verify/"))


# What is done in each language


def open_everything(page):
    """Open all that is folded."""
    page.locator("main details").evaluate_all(OPEN_ALL)


def submit(page):
    """Submit the only form as it is."""
    page.locator("main form:not([action='/language']) button:not([type=button])").first.click()
    expect(page.locator("[role=alert]")).to_be_visible()


def submit_password(page):
    """Submit the form of a new password, once it is unfolded, as it is."""
    open_everything(page)
    page.locator("form[action='/account/password'] button:not([type=button])").click()
    expect(page.locator("[role=alert]")).to_be_visible()


def submit_card(page):
    """Submit the card form as it is."""
    expect_script_running(page)
    page.locator("[data-pay]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


def choose(method):
    """Choose a payment method."""

    def act(page):
        open_everything(page)
        page.locator(f"#method-{method}").check()

    return act


def new_card(page):
    """Choose to enter a new card."""
    page.locator("[name=card][value='']").check()


def begin_to_delete(page):
    """Press the first button that deletes a card."""
    page.locator("main li button[popovertarget]").first.click()
    expect(page.get_by_role("dialog").first).to_be_visible()


#: What is arranged, and what is done then.
STATES = {
    "home": (address("/"), look_only),
    "product": (address("/products/mug"), look_only),
    "product, sold out": (sold_out_product, look_only),
    "contact": (address("/information/contact"), look_only),
    "shipping": (address("/information/shipping"), look_only),
    "terms": (address("/information/terms"), look_only),
    "privacy": (address("/information/privacy"), look_only),
    "empty cart": (address("/cart"), look_only),
    "cart": (cart, look_only),
    "cart, sold out": (sold_out("/cart"), look_only),
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
    "failed": (payment_failed, look_only),
    "3-D Secure": (three_ds, look_only),
    "expired": (expired, look_only),
    "QR code": (pay_by("PromptPay"), open_everything),
    "expired QR code": (expired_code, look_only),
    "wallet": (pay_by("K PLUS"), look_only),
    "confirming": (confirming, look_only),
    "paid": (paid, look_only),
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
    "no orders": (member_at("/orders"), look_only),
    "orders": (order_of_a_member("/orders"), look_only),
    "no cards": (member_at("/cards"), look_only),
    "cards": (saved_cards, look_only),
    "cards, errors": (member_at("/cards"), submit_card),
    "cards, deletion": (saved_cards, begin_to_delete),
}

#: The same for shops in other countries, whose payment methods differ: the settings come first.
STATES_ABROAD = {
    "checkout, bank": ("MYR", "MY", checkout, choose("fpx")),
    "payment number": (
        "JPY",
        "JP",
        pay_by("Convenience store, Pay-easy or online banking"),
        look_only,
    ),
}

#: Pages that are not there, and the status of each.
ERRORS = {
    "/nowhere": 404,
    "/products/none": 404,
    "/orders/NONE": 404,
    "/password/reset/none": 410,
}


@pytest.mark.parametrize("state", STATES)
def test_page(state, shopper, world, shop, quiet_browser):
    arrange, act = STATES[state]
    if act in (submit, submit_password):
        quiet_browser.expect_status(422)
    arrange(Scene(shopper, world, shop))

    assert problems_in_every_language(shopper.page, act) == []


@pytest.mark.parametrize("path", ERRORS)
def test_error_page(path, page, quiet_browser):
    quiet_browser.expect_status(ERRORS[path])
    page.goto(path)

    assert problems_in_every_language(page) == []


@with_shop(failing={"WSGI_APP": "e2e.support.failing_shop:app"})
@pytest.mark.parametrize("status", [500, 503])
def test_page_that_fails(status, page, quiet_browser):
    quiet_browser.expect_status(status)
    page.goto(f"/fails/{status}")
    ErrorPage(page, status)

    assert problems_in_every_language(page) == []


def test_order_link_that_has_expired(shopper, shop, quiet_browser):
    link = shop.old_order_link(shopper.buy_with(VISA).number)
    quiet_browser.expect_status(410)
    shopper.page.goto(link)
    expect(shopper.page.get_by_role("button", name="Send a new link")).to_be_visible()

    assert problems_in_every_language(shopper.page, path=link) == []


@pytest.mark.parametrize(
    ("shop_settings", "country", "arrange", "act"),
    [({"STORE_CURRENCY": currency}, *rest) for currency, *rest in STATES_ABROAD.values()],
    ids=list(STATES_ABROAD),
    indirect=["shop_settings"],
    scope="session",
)
def test_page_abroad(country, arrange, act, shopper, world, shop):
    world.change_settings(country=country)
    arrange(Scene(shopper, world, shop))

    assert problems_in_every_language(shopper.page, act) == []
