"""Whichever comes first of answer, webhook and way back, the order ends paid, once.

The sandbox itself delivers here, and holds what is to come later.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.serving import make_server

from storefront.payments import tables
from tests.support.webhooks import SECRET

MUG = 39000
ASKS_THE_BANK = "4000000000003063"

pytestmark = pytest.mark.usefixtures("database", "hears_from_omise")


@pytest.fixture
def settings(settings):
    """A shop that knows a webhook secret."""
    return settings.model_copy(update={"omise_webhook_secret": SecretStr(SECRET)})


@pytest.fixture
def hears_from_omise(app, world):
    """The shop listens, and Omise knows where."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    listening = threading.Thread(target=server.serve_forever, args=(0.01,))
    listening.start()
    address = f"http://127.0.0.1:{server.server_port}/webhooks/omise"
    world.control("POST", "settings", {"webhook_url": address, "webhook_secret": SECRET})
    yield
    server.shutdown()
    listening.join()
    server.server_close()


@pytest.fixture
def meanwhile():
    """Does something that may have to wait."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool.submit


def webhooks_have_arrived(world):
    """Come back when every webhook that may leave was answered."""
    world.advance(0)


def paid_once(world, repository, shopper):
    """Whether the money moved once, and the order says so."""
    (charge,) = world.charges()
    order = repository.get(shopper.order_number)
    return (charge["paid"], charge["amount"], order.status, len(order.attempts)) == (
        True,
        MUG,
        "paid",
        1,
    )


def status_of_only_order(services):
    """The status of the order before any page was shown."""
    with services.database.connect() as connection:
        return connection.execute(select(tables.payments.c.status)).scalar()


def test_webhook_before_response(world, repository, services, shopper, meanwhile):
    world.fails("POST", "/charges", "pause")
    shopper.puts_in_cart()
    paying = meanwhile(shopper.pays)
    (answer,) = world.held()
    webhooks_have_arrived(world)

    assert status_of_only_order(services) == "paid"
    world.release(answer)
    paying.result(timeout=5)

    assert paid_once(world, repository, shopper)


def test_response_before_webhook(world, repository, shopper):
    world.webhook_fails("charge.create", "pause")
    shopper.puts_in_cart()
    shopper.pays()
    assert paid_once(world, repository, shopper)

    world.release(world.held()[0])
    webhooks_have_arrived(world)

    assert paid_once(world, repository, shopper)


def test_return_before_webhook(world, repository, shopper):
    world.webhook_fails("charge.complete", "pause")
    shopper.puts_in_cart()
    shopper.pays(ASKS_THE_BANK)
    (charge,) = world.charges()
    back = world.at_the_bank(charge["authorize_uri"], "approve")
    shopper.sees(back.removeprefix("http://shop.test"))
    assert paid_once(world, repository, shopper)

    world.release(world.held()[0])
    webhooks_have_arrived(world)

    assert paid_once(world, repository, shopper)


def test_webhook_before_return(world, repository, shopper, meanwhile):
    shopper.puts_in_cart()
    shopper.pays(ASKS_THE_BANK)
    (charge,) = world.charges()
    world.fails("POST", "/payments/*", "pause")
    going_back = meanwhile(world.at_the_bank, charge["authorize_uri"], "approve")
    (way_back,) = world.held()
    webhooks_have_arrived(world)
    assert paid_once(world, repository, shopper)

    world.release(way_back)
    shopper.sees(going_back.result(timeout=5).removeprefix("http://shop.test"))

    assert paid_once(world, repository, shopper)


@pytest.mark.parametrize("do", ["duplicate", "drop", "delay", "reorder", "wrong_signature"])
def test_faulty_webhooks_still_lead_to_the_right_status(world, repository, shopper, do):
    world.webhook_fails("charge.*", do, seconds=30)
    shopper.puts_in_cart()
    shopper.pays(ASKS_THE_BANK)
    (charge,) = world.charges()
    back = world.at_the_bank(charge["authorize_uri"], "approve")
    world.advance(120)
    shopper.sees(back.removeprefix("http://shop.test"))

    assert paid_once(world, repository, shopper)
