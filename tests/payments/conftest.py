"""Orders in the states that tests of money begin from. What needs a database runs on both."""

import pytest

from storefront.payments.engine import build_engine
from storefront.payments.host import Hooks, PaymentRequest
from storefront.payments.settings import PaymentSettings


@pytest.fixture
def database_url(database, database_url):
    """Every test of money that needs a database runs on SQLite and on PostgreSQL."""
    return database_url


@pytest.fixture
def engine_with(services, world, clock):
    """Makes engines alone, over the shop's database, as a host without Flask builds them."""
    made = []

    def make(hooks=None, **changes):
        settings = {
            "public_key": world.public_key,
            "secret_key": world.secret_key,
            "api_url": world.url,
            "vault_url": world.url,
            "connect_timeout": 1,
            "read_timeout": 2,
            **changes,
        }
        hooks = hooks or Hooks(return_uri=lambda _: "http://host.test/back")
        made.append(build_engine(PaymentSettings(**settings), services.database, hooks, now=clock))
        return made[-1]

    yield make
    for engine in made:
        engine.omise.close()


@pytest.fixture
def asks_for(world):
    """Makes requests to charge a card."""

    def make(reference, number="4242424242424242", **values):
        given = {"amount": 50000, "currency": "THB", "token": world.token(number), **values}
        return PaymentRequest(reference=reference, **given)

    return make


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
