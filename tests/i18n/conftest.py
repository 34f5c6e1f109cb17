"""Shoppers whose browser asks for a language."""

import pytest

from tests.support.flask_shopper import FlaskShopper


@pytest.fixture
def speaks(shop_with, world):
    """Makes shoppers with an Accept-Language header."""

    def make(accept, **settings):
        shopper = FlaskShopper(shop_with(**settings), world)
        shopper.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accept
        return shopper

    return make
