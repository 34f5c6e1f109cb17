"""The tables are those of the models, on both databases, and times keep their zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from storefront.models import Attempt, Order, Table

from storefront.payments.database import Database
from storefront.payments.statuses import OPEN, AttemptStatus, OperationType

FULL = 2  #: https://sqlite.org/pragma.html#pragma_synchronous
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def tables(database, database_url):
    """A database with the tables."""
    database = Database(database_url)
    yield database
    database.dispose()


def an_order(*attempts):
    return Order(
        number="A1",
        amount=1,
        currency="THB",
        livemode=False,
        created_at=NOW,
        attempts=[
            Attempt(kind=kind, state=state, amount=1, currency="THB", created_at=NOW)
            for kind, state in attempts
        ],
    )


def test_the_migrations_make_the_tables_of_the_models(tables):
    with tables.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_what_is_committed_is_on_the_disk(tables):
    with tables.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA synchronous")).scalar() == FULL
        else:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_a_time_comes_back_in_utc(tables):
    with tables.write_session() as session:
        order = an_order()
        order.created_at = datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))
        session.add(order)

    with tables.read_session() as session:
        assert session.get(Order, 1).created_at == NOW


def test_a_time_without_a_zone_is_refused(tables):
    order = an_order()
    order.created_at = datetime(2026, 1, 1)  # noqa: DTZ001  # what is to be refused

    with pytest.raises(Exception, match="a time without a zone"), tables.write_session() as session:
        session.add(order)


@pytest.mark.parametrize("first", sorted(OPEN))
@pytest.mark.parametrize("second", sorted(OPEN))
def test_the_database_takes_one_open_attempt_an_order(tables, first, second):
    order = an_order((OperationType.CHARGE, first), (OperationType.REFUND, second))

    with pytest.raises(IntegrityError), tables.write_session() as session:
        session.add(order)


def test_the_database_takes_one_payment_an_order(tables):
    order = an_order(
        (OperationType.CHARGE, AttemptStatus.SUCCEEDED),
        (OperationType.CHARGE, AttemptStatus.AUTHORIZED),
    )

    with pytest.raises(IntegrityError), tables.write_session() as session:
        session.add(order)


def test_many_attempts_that_ended_are_fine(tables):
    order = an_order(
        (OperationType.CHARGE, AttemptStatus.REJECTED),
        (OperationType.CHARGE, AttemptStatus.DECLINED),
        (OperationType.CHARGE, AttemptStatus.SUCCEEDED),
        (OperationType.REFUND, AttemptStatus.SUCCEEDED),
        (OperationType.REFUND, AttemptStatus.SUCCEEDED),
        (OperationType.REFUND, AttemptStatus.STARTED),
    )

    with tables.write_session() as session:
        session.add(order)
