"""Buy, and save cards, without a page, for steps that only lead to what is tested."""

import re

from playwright.sync_api import APIRequestContext

from e2e.pages.checkout import ADDRESS, EMAIL
from e2e.support.cards import VISA, Card, entered_cards
from e2e.support.forms import submit_form
from e2e.support.sandbox import World

#: What the page fills in by itself.
COUNTRY = {"shipping_country": "TH"}

NUMBER = re.compile(r"/orders/([^/?]+)")


def place_order(request: APIRequestContext, world: World, card: Card = VISA) -> str:
    """Buy a mug with a new card, which may be declined: the number of the order.

    Args:
        request: sends with the cookies of the shopper's browser, such as `page.request`.
        world: the account at Omise in which the card becomes a token.
        card: needs no 3-D Secure.
    """
    submit_form(request, "/cart", "/cart", sku="mug", quantity="1")
    order = {"token": create_token(world, card), "email": EMAIL, **ADDRESS, **COUNTRY}
    address = submit_form(request, "/checkout", "/charge", **order)
    [number] = NUMBER.findall(address)
    return number


def save_cards(request: APIRequestContext, world: World, *cards: Card) -> None:
    """Save cards of the member who is logged in."""
    for card in cards:
        submit_form(request, "/cards", "/cards", token=create_token(world, card))


def create_token(world: World, card: Card) -> str:
    """A token, as Omise.js creates it in the browser."""
    entered_cards.append(card)
    return world.create_token(card.details)
