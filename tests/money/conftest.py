"""Orders in the states that tests of money begin from. Everything here runs on both databases."""

import pytest

MUG = 39000


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """Every test of money runs on SQLite and on PostgreSQL."""


@pytest.fixture
def paid(shopper):
    """The number of an order that is paid."""
    shopper.puts_in_cart()
    shopper.pays()
    assert shopper.status == "paid"
    return shopper.order_number


@pytest.fixture
def holding(shop_with):
    """A shop that has money held and takes it later."""
    return shop_with(capture=False)


@pytest.fixture
def held(holding, world):
    """The number of an order whose money is held."""
    from tests.shopper import ShopperAtTheShop

    shopper = ShopperAtTheShop(holding, world)
    shopper.puts_in_cart()
    shopper.pays()
    assert shopper.status == "authorized"
    return shopper.order_number


@pytest.fixture
def lost(shopper, world):
    """The number of an order whose charge was made, but whose answer was lost."""
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=503, times=3)
    shopper.pays()
    assert shopper.status == "confirming"
    return shopper.order_number


@pytest.fixture
def never_sent(shopper, world):
    """The number of an order whose charge got lost on its way."""
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    assert shopper.status == "confirming"
    return shopper.order_number


@pytest.fixture
def at_the_bank(shopper, world):
    """A shopper whose bank wants to see them; gives the address of its page."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    return charge["authorize_uri"]
