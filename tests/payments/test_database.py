"""The tables are those of the models, on both databases, and times keep their zone."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from subprocess import PIPE

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storefront.payments.database import Database
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import UNRESOLVED, AttemptStatus, OperationType
from tests.support.programs import ROOT
from tests.support.records import a_payment, all_tables, save

FULL = 2  #: https://sqlite.org/pragma.html#pragma_synchronous
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def tables(database, database_url):
    """A database with the tables."""
    database = Database(database_url)
    yield database
    database.dispose()


def test_migrations_create_the_tables_of_the_engine_and_of_the_shop(tables):
    ignored = {"omise_version", "alembic_version"}
    with tables.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name not in ignored},
        )
        assert compare_metadata(context, all_tables()) == []


MIGRATE = """
import sys
from storefront.ops.health import VERSION_TABLES
from storefront.payments.database import Database

print("ready", flush=True)
sys.stdin.readline()
Database(sys.argv[1]).migrate(*VERSION_TABLES)
"""


def test_two_processes_migrate_at_once(database, tmp_path, request):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgresql").url("migrated")
        run_on_server(request.getfixturevalue("postgresql"), "CREATE DATABASE migrated")
    command = [sys.executable, "-c", MIGRATE, url]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in both] == ["ready\n"] * 2

    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], said


def run_on_server(server, statement):
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def test_commit_is_durable(tables):
    with tables.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA synchronous")).scalar() == FULL
        else:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_time_is_read_in_utc(tables):
    bangkok = datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))

    save(tables, a_payment(bangkok))

    assert PaymentRepository(tables).get("A1").created_at == NOW


def test_time_without_a_zone_is_rejected(tables):
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - what is rejected

    with pytest.raises(Exception, match="a time without a zone"):
        save(tables, a_payment(naive))


@pytest.mark.parametrize("first", sorted(UNRESOLVED))
@pytest.mark.parametrize("second", sorted(UNRESOLVED))
def test_one_unresolved_attempt_per_payment(tables, first, second):
    payment = a_payment(NOW, (OperationType.CHARGE, first), (OperationType.REFUND, second))

    with pytest.raises(IntegrityError):
        save(tables, payment)


def test_one_funded_charge_per_payment(tables):
    with pytest.raises(IntegrityError):
        save(tables, a_payment(NOW, AttemptStatus.SUCCEEDED, AttemptStatus.AUTHORIZED))


def test_any_number_of_resolved_attempts_per_payment(tables):
    save(
        tables,
        a_payment(
            NOW,
            AttemptStatus.REJECTED,
            AttemptStatus.DECLINED,
            AttemptStatus.SUCCEEDED,
            (OperationType.REFUND, AttemptStatus.SUCCEEDED),
            (OperationType.REFUND, AttemptStatus.SUCCEEDED),
            (OperationType.REFUND, AttemptStatus.STARTED),
        ),
    )

    assert len(PaymentRepository(tables).get("A1").attempts) == 6
