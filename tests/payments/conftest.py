"""Orders in the states that tests of money begin from. What needs a database runs on both."""

import pytest


@pytest.fixture
def database_url(database, database_url):
    """Every test of money that needs a database runs on SQLite and on PostgreSQL."""
    return database_url


@pytest.fixture
def charge_with_lost_answer(shopper, world):
    """The number of an order whose charge was made, but whose answer was lost."""
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=503)
    shopper.pays()
    assert shopper.status == "confirming"
    return shopper.order_number


def paid_charges(world):
    """What Omise has taken, charge by charge."""
    return [charge["amount"] for charge in world.charges() if charge["paid"]]
