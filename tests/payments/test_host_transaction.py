"""A host that opens attempts in transactions of its own, as `db.session.connection()` gives."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from storefront.payments.host import Hooks
from tests.payments.conftest import paid_charges


@pytest.fixture
def host_database(settings):
    """The host's own engine, which waits for no lock."""
    is_sqlite = settings.database_url.startswith("sqlite")
    wait = {"timeout": 0} if is_sqlite else {"options": "-c lock_timeout=1"}
    url = settings.database_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, connect_args=wait)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("method", ["open_attempt", "give_up", "owns"])
def test_transactions_of_a_host_wait_for_each_other(
    engine_with, asks_for, host_database, world, method
):
    """While one transaction opens an attempt, no other reads the payment as payable."""
    request, meanwhile = asks_for("H"), []

    def policy(*_):
        if meanwhile:  # this is what another process does now
            values = {"open_attempt": [request], "give_up": ["H", ""], "owns": ["H"]}
            arguments = values[meanwhile.pop()]
            with host_database.begin() as second, pytest.raises(OperationalError, match="lock"):
                getattr(engine.service, method)(second, *arguments)

    engine = engine_with(Hooks(return_uri=lambda _: "http://host.test/back", attempt_policy=policy))
    engine.service.pay(asks_for("H", "4000000000000002"))
    meanwhile.append(method)

    with host_database.begin() as connection:
        opened = engine.service.open_attempt(connection, request)
    engine.service.submit(opened)

    assert engine.repository.get("H").status == "paid"
    assert paid_charges(world) == [50000]
