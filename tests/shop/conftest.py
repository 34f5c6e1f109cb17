"""A product that is counted, and visitors who want it."""

import pytest

from tests.support.crowd import Crowd

#: How many mugs there are.
STOCK = 24


@pytest.fixture
def crowd(app, services, world):
    """Visitors with a mug each in the cart, of a product that is counted."""
    services.inventory.set_level("mug", STOCK)
    return Crowd(app, world)
