"""Shoppers whose browser asks for a language."""

import pytest

from tests.support.shopper import ShopperAtTheShop


@pytest.fixture
def speaks(shop_with, world):
    """Makes shoppers with an Accept-Language header."""

    def make(accept, **settings):
        shopper = ShopperAtTheShop(shop_with(**settings), world)
        shopper.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accept
        return shopper

    return make
