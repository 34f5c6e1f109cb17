"""Products, information, the cart and errors, in every language and on every screen."""

import pytest

from e2e.pages.errors import ErrorPage
from e2e.states.scene import Scene, address, cart, problems_in, sold_out
from e2e.support.screens import look_only, problems_in_every_language
from e2e.support.servers import with_shop


def sold_out_product(scene):
    """A product of which nothing is left."""
    scene.shop.command("stock", "basket", "0")
    scene.page.goto("/products/basket")


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
}

#: Pages that are not there, and the status of each.
ERRORS = {
    "/nowhere": 404,
    "/products/none": 404,
    "/orders/NONE": 404,
    "/password/reset/none": 410,
}


@pytest.mark.parametrize("state", STATES)
def test_page(state, shopper, world, shop):
    assert problems_in(Scene(shopper, world, shop), *STATES[state]) == []


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
