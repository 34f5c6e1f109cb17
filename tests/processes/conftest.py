"""The shop under gunicorn with two workers, once for each database."""

import shutil

import pytest

from omise_sandbox.testing.world import World
from tests.support.http_shopper import HttpShopper
from tests.support.programs import Shop


# One shop after the other, each for the whole of the tests.
@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def running_shop(request, sandbox_url, tmp_path_factory):
    """The shop as its merchant runs it."""
    folder = tmp_path_factory.mktemp("shop")
    if request.param == "postgresql":
        database_url = request.getfixturevalue("postgresql").new()
    else:
        shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "shop.db")
        database_url = f"sqlite:///{folder / 'shop.db'}"
    shop = Shop(World.new(sandbox_url), database_url, folder).start()
    yield shop
    shop.stop()


@pytest.fixture
def shop(running_shop):
    """The shop, with Omise well again afterwards."""
    yield running_shop
    running_shop.world.control("DELETE", "faults")


@pytest.fixture
def world(shop):
    """The account that the shop has at Omise."""
    return shop.world


@pytest.fixture
def visitor(shop, world):
    """A shopper over the network."""
    return HttpShopper(shop.url, world)


@pytest.fixture
def charges_of(world):
    """Asks Omise which charges an order has."""

    def charges_of(number):
        rows = world.api("GET", "/charges", limit=100, order="reverse_chronological")["data"]
        return [
            (row["status"], row["amount"]) for row in rows if row["metadata"].get("order") == number
        ]

    return charges_of
