"""The database: SQLite in a file or PostgreSQL, told apart in this file and nowhere else."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Select,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

MIGRATIONS = Path(__file__).parents[1] / "migrations"

#: Any number, the same for everybody who migrates.
MIGRATION_LOCK = 19051129

#: How SQLite is used: others may look while one changes something; what is committed is on the disk
#: before Omise is asked or a webhook answered, whatever happens to the power; and it is copied to
#: its place a few thousand pages at a time, which costs less than doing it after each thousand.
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 10000",
    "foreign_keys = ON",
)


class Utc(TypeDecorator[datetime]):
    """A time in UTC, aware on both sides; SQLite itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the database keeps it."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the program sees it."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Database:
    """Two ways in: `reading()` for a look, `writing()` for a change that is committed or undone."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.engine = _engine(self.url)
        # On SQLite a change takes the write lock at its start, so that two changes queue up
        # instead of failing half-way; a look takes none.
        self._looking = self.engine.execution_options(begin="BEGIN")
        self._changing = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; whatever it changes is lost."""
        with Session(self._looking, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, or undone by an exception."""
        with Session(self._changing, expire_on_commit=False) as session, session.begin():
            yield session

    @staticmethod
    def queue_up(session: Session, names: Iterable[str]) -> None:
        """Let whoever names the same thing come one by one, until their transactions end.

        On SQLite everybody who changes something does so already.
        """
        if session.get_bind().dialect.name == "postgresql":
            digests = (sha256(name.encode()).digest()[:8] for name in names)
            keys = sorted(int.from_bytes(digest, signed=True) for digest in digests)
            if keys:  # in one order, so that nobody waits for somebody who waits for them
                session.execute(_locks(len(keys)), {f"key{i}": key for i, key in enumerate(keys)})

    @staticmethod
    def forget(
        session: Session, key: InstrumentedAttribute[Any], is_old: ColumnElement[bool]
    ) -> None:
        """Delete the old rows of a table, but for those that somebody else deletes just now."""
        freely = select(key).where(is_old).with_for_update(skip_locked=True)
        session.execute(delete(key.class_).where(key.in_(freely)))

    def migrate(self) -> None:
        """Bring the tables up to date."""
        # Imported here: it is large, and only whoever migrates needs it.
        from alembic import command
        from alembic.config import Config

        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS))
        with self._changing.begin() as connection:
            if connection.dialect.name == "postgresql":  # several machines may start at once
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")

    def dispose(self) -> None:
        """Let go of the connections, as a process must after a fork."""
        self.engine.dispose()


@cache
def _locks(count: int) -> Select[Any]:
    """A question that takes so many locks, which are let go at the end of the transaction."""
    keys = (bindparam(f"key{i}", type_=BigInteger) for i in range(count))
    return select(*(func.pg_advisory_xact_lock(key) for key in keys))


def _with_driver(url: str) -> str:
    """The address with the driver that we install."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _engine(url: str) -> Engine:
    """The engine; its errors, which are logged, do not quote what was to be written."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, below
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))
