"""A state of the shop: who takes part, what is arranged, and what is done on its page.

A state is arranged once, in English. Its page is then opened in each language, and the shopper acts
on it in each: by selectors, since the words differ.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page, expect

from e2e.pages import OrderPage
from e2e.pages.checkout import expect_script_running
from e2e.support.cards import DECLINED, MASTERCARD, VISA
from e2e.support.purchases import place_order, save_cards
from e2e.support.sandbox import World
from e2e.support.screens import problems_in_every_language
from e2e.support.shopper import Shopper
from e2e.support.shops import Shop

OPEN_ALL = "(all) => all.forEach((details) => { details.open = true })"

#: Methods whose order page leads to another page by itself.
REDIRECTS = ("K PLUS",)


class Scene(NamedTuple):
    """Who and what takes part in a state."""

    shopper: Shopper
    world: World
    shop: Shop

    @property
    def page(self) -> Page:
        """The page that is looked at."""
        return self.shopper.page


Arrange = Callable[[Scene], object]
Act = Callable[[Page], None]


def problems_in(scene: Scene, arrange: Arrange, act: Act) -> list[str]:
    """What is wrong with the page of a state, in every language and on every screen."""
    arrange(scene)
    return problems_in_every_language(scene.page, act)


# What is arranged once


def address(path: str) -> Arrange:
    """A page that needs nothing before it."""
    return lambda scene: scene.page.goto(path)


def cart(scene: Scene) -> None:
    """Two products."""
    scene.shopper.add_to_cart("lamp")
    scene.shopper.add_to_cart("mug", 3)
    scene.page.goto("/cart")


def checkout(scene: Scene) -> None:
    """Two products, as a guest."""
    cart(scene)
    scene.page.goto("/checkout")


def sold_out(path: str) -> Arrange:
    """A page with a product that was sold out since it was put in the cart."""

    def arrange(scene: Scene) -> None:
        scene.shop.command("stock", "basket", "1")
        cart(scene)
        scene.shopper.add_to_cart("basket")
        scene.shop.command("stock", "basket", "0")
        scene.page.goto(path)

    return arrange


def payment_failed(scene: Scene) -> None:
    """A card that the bank declines."""
    order = place_order(scene.page.request, scene.world, DECLINED)
    OrderPage.open(scene.page, order).expect_status("payment_failed")


def pay_by(method: str) -> Arrange:
    """Another method, as far as its order page."""

    def arrange(scene: Scene) -> None:
        scene.shopper.go_to_checkout().pay_by(method)
        scene.page.wait_for_url(re.compile("/orders/|/payments/"))
        if method in REDIRECTS:
            scene.page.wait_for_url("**/payments/**")
            scene.page.go_back()
        OrderPage(scene.page).expect_status("awaiting_payment")

    return arrange


def member(scene: Scene) -> None:
    """A new account."""
    scene.shopper.sign_up()


def member_at(path: str) -> Arrange:
    """A page of a new member."""

    def arrange(scene: Scene) -> None:
        member(scene)
        scene.page.goto(path)

    return arrange


def saved_cards(scene: Scene) -> None:
    """Two saved cards."""
    member(scene)
    save_cards(scene.page.request, scene.world, VISA, MASTERCARD)
    scene.page.goto("/cards")


def order_of_a_member(path: str) -> Arrange:
    """A page of a member who has bought something."""

    def arrange(scene: Scene) -> None:
        member(scene)
        place_order(scene.page.request, scene.world)
        scene.page.goto(path)

    return arrange


# What is done in each language


def open_everything(page: Page) -> None:
    """Open all that is folded."""
    page.locator("main details").evaluate_all(OPEN_ALL)


def submit(page: Page) -> None:
    """Submit the only form as it is."""
    page.locator("main form:not([action='/language']) button:not([type=button])").first.click()
    expect(page.locator("[role=alert]")).to_be_visible()


def submit_card(page: Page) -> None:
    """Submit the card form as it is."""
    expect_script_running(page)
    page.locator("[data-pay]").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


def choose(method: str) -> Act:
    """Choose a payment method."""

    def act(page: Page) -> None:
        open_everything(page)
        page.locator(f"#method-{method}").check()

    return act
