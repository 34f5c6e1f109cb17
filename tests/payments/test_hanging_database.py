"""PostgreSQL that hangs holds up no page that does not need it, and no page for ever."""

from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storefront.payments.database import Database

#: What the rest may take on a busy machine.
SLACK = 1

#: What needs no database.
PAGES = ("/", "/products/mug", "/healthz")


@pytest.fixture
def database():
    """Only on PostgreSQL."""
    return "postgresql"


@pytest.fixture
def seconds():
    """The seconds since the last call."""
    began = [monotonic()]

    def measure():
        last, began[0] = began[0], monotonic()
        return began[0] - last

    return measure


def test_statement_is_given_up_and_the_next_one_works(postgresql, database_url, seconds):
    database = Database(database_url, timeout=0.5)
    with database.connect() as connection:
        connection.execute(text("SELECT 1"))

    seconds()
    with postgresql.frozen(), pytest.raises(OperationalError), database.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert seconds() < 0.5 + SLACK

    with database.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    database.dispose()


def test_readiness_fails_in_time_and_other_pages_answer(
    app, services, shopper, postgresql, seconds
):
    services.engine.outbox.beat()
    assert shopper.client.get("/readyz").status_code == 200

    with postgresql.frozen():
        seconds()
        answers = [shopper.client.get(path).status_code for path in PAGES]
        assert seconds() < SLACK
        ready = shopper.client.get("/readyz")
        assert seconds() < 3

    assert answers == [200] * len(PAGES)
    assert ready.status_code == 503
    assert ready.json["checks"] == {"database": "unreachable (OperationalError)"}
    assert shopper.client.get("/readyz").status_code == 200


def test_readiness_does_not_queue_behind_shoppers(shop_with):
    app = shop_with(web_threads=1)
    services = app.extensions["shop"]
    services.engine.outbox.beat()

    with services.database.connect():
        assert app.test_client().get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "limit", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
)
def test_server_limits_are_set(services, limit):
    with services.database.connect() as connection:
        assert connection.execute(text(f"SHOW {limit}")).scalar() != "0"
