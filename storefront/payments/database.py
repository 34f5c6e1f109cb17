"""The database: SQLite in a file or PostgreSQL; the only module that tells them apart.

What keeps PostgreSQL from hanging is in postgresql.py.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
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
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from .prepared import Prepared, execute
from .sqlite_queue import WriterQueue

#: Any number, the same for every process that migrates.
MIGRATION_LOCK = 19051129

#: Seconds after which a statement is given up that PostgreSQL does not answer; longer than what the
#: server itself allows (postgresql.py).
STATEMENT_TIMEOUT = 20.0

#: What a database raises that is full, read-only, locked, or cannot be reached.
UNAVAILABLE = (OperationalError, InternalError, PoolTimeout)

#: A statement that SQLite cannot compile, or one in a transaction of PostgreSQL that has failed.
NEVER_ACCEPTED = ("SQLITE_ERROR", "25P02")

#: Seconds that SQLite waits for its lock.
SQLITE_LOCK_TIMEOUT = 30.0

#: A page is written whole when a row or an index entry in it changes, so small pages, which only a
#: new file gets, halve what a payment writes. Readers do not wait for the writer; what is committed
#: is on the disk before Omise is called or a webhook is answered, even if the power fails; the log
#: is copied back a few thousand pages at a time, which costs less than after each thousand.
PRAGMAS = (
    "page_size = 2048",
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 10000",
    "foreign_keys = ON",
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC on both sides; SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time that is stored.

        Raises:
            ValueError: when it has no zone.
        """
        return value and _in_utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What converts a time; on SQLite in one step, since each payment stores many."""
        return _sqlite_time if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time with its zone."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC)


def _sqlite_time(value: datetime | None) -> str | None:
    """The text that SQLAlchemy stores for a time without its zone."""
    if value is None:
        return None
    return _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def is_unavailable(error: BaseException) -> bool:
    """Whether the database cannot be used now; false for a statement that it never accepts.

    Args:
        error: one of `UNAVAILABLE`.
    """
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return code not in NEVER_ACCEPTED


class Database:
    """Connections and sessions for reading, and transactions that commit or roll back."""

    def __init__(
        self, url: str, *, max_connections: int = 64, timeout: float = STATEMENT_TIMEOUT
    ) -> None:
        """Set up the pool; nothing connects yet.

        Args:
            url: a URL of SQLAlchemy.
            max_connections: how many there may be at once, such as one per thread.
            timeout: seconds that a statement of PostgreSQL may take, and how long SQLite waits for
                its lock.
        """
        self.url = _with_driver(url)
        self.engine = _engine(self.url, max_connections, timeout)
        self._queue = _writer_queue(self.url, timeout)
        self._reading = _without_write_lock(self.engine)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose changes are committed at the end, or rolled back by an exception."""
        with self._turn(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read_session(self) -> Iterator[Session]:
        """An ORM session for reading; changes to its objects are not saved."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write_session(self) -> Iterator[Session]:
        """An ORM session whose changes are committed at the end, or rolled back by an exception."""
        with (
            self._turn(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def _turn(self) -> AbstractContextManager[None]:
        """Wait for the other writers of a SQLite file."""
        return self._queue.turn() if self._queue else nullcontext()

    @staticmethod
    def advisory_lock(connection: Connection, names: Iterable[str]) -> None:
        """Take a transaction-scoped advisory lock per name (PostgreSQL).

        On SQLite transactions that write are serialized already.
        """
        if connection.dialect.name == "postgresql":
            digests = (sha256(name.encode()).digest()[:8] for name in names)
            keys = sorted(int.from_bytes(digest, signed=True) for digest in digests)
            if keys:  # always in one order, so that two transactions never wait for each other
                _locks(len(keys)).run(connection, {f"key{i}": k for i, k in enumerate(keys)})

    @staticmethod
    def purge(connection: Connection, table: Table, is_old: ColumnElement[bool]) -> None:
        """Delete old rows, skipping those that another transaction deletes."""
        key = table.primary_key.columns[0]
        unlocked = select(key).where(is_old).with_for_update(skip_locked=True)
        connection.execute(delete(table).where(key.in_(unlocked)))

    def migrate(self, *folders: Path) -> None:
        """Bring the tables up to date; each folder of migrations has a version table of its own.

        Args:
            folders: Alembic script locations, in the order in which they run.
        """
        # Imported here: it is large, and only this method needs it.
        from alembic import command
        from alembic.config import Config

        engine = _engine(self.url, 1)  # without a timeout: to change a large table takes long
        try:
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":  # several machines may start at once
                    connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                for folder in folders:
                    settings = Config()
                    settings.set_main_option("script_location", str(folder))
                    settings.attributes["connection"] = connection
                    command.upgrade(settings, "head")
        finally:
            engine.dispose()

    def dispose(self) -> None:
        """Close the connections, as a process must after a fork."""
        self.engine.dispose()
        if self._queue:
            self._queue.close()


@cache
def _locks(count: int) -> Prepared:
    """A statement that takes so many advisory locks, released at the end of the transaction."""
    keys = [bindparam(f"key{i}", type_=BigInteger) for i in range(count)]
    locks = [func.pg_advisory_xact_lock(key).label(key.key) for key in keys]
    return Prepared(select(*locks))


def _with_driver(url: str) -> str:
    """The URL with the installed driver of PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _engine(url: str, max_connections: int, timeout: float | None = None) -> Engine:
    """The engine; its errors, which are logged, do not quote parameters."""
    pool = {"pool_size": min(5, max_connections), "max_overflow": max(0, max_connections - 5)}
    if make_url(url).get_backend_name() != "sqlite":
        return _postgresql_engine(url, timeout, pool)
    _file(url).parent.mkdir(parents=True, exist_ok=True)
    is_short = timeout is not None and timeout < STATEMENT_TIMEOUT
    wait = timeout if is_short else SQLITE_LOCK_TIMEOUT
    engine = create_engine(
        url,
        connect_args={"timeout": wait},
        hide_parameters=True,
        paramstyle="named",  # a value that a statement needs often is converted once
        **pool,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    # A transaction takes the write lock at its start, so that two of them queue instead of failing
    # half-way. As a listener to "begin" this would cost several times as much: SQLAlchemy collects
    # the listeners of an engine that has any for each connection.
    engine.dialect.do_begin = _take_write_lock  # type: ignore[assignment,method-assign]
    return engine


def _without_write_lock(engine: Engine) -> Engine:
    """The same engine for reading: its transactions take no lock of SQLite."""
    reading = engine.execution_options()
    if engine.dialect.name == "sqlite":
        event.listen(reading, "begin", lambda connection: execute(connection, "BEGIN"))
    return reading


def _writer_queue(url: str, timeout: float) -> WriterQueue | None:
    """The queue of a SQLite file; a check that has little time does not queue."""
    is_file = url.startswith("sqlite") and make_url(url).database not in {None, "", ":memory:"}
    has_queue = is_file and timeout >= STATEMENT_TIMEOUT
    return WriterQueue(_file(url)) if has_queue else None


def _file(url: str) -> Path:
    """The file of a SQLite database, which a URL may name as a URI of its own."""
    return Path((make_url(url).database or "").removeprefix("file:").partition("?")[0])


def _postgresql_engine(url: str, timeout: float | None, pool: dict[str, int]) -> Engine:
    # Imported here: psycopg is installed only where PostgreSQL is used.
    from . import postgresql

    engine = create_engine(
        url,
        connect_args=postgresql.CONNECT_ARGS,
        hide_parameters=True,
        # One that was cut off is replaced. With little time there is none to ask first.
        pool_pre_ping=timeout is None or timeout >= STATEMENT_TIMEOUT,
        pool_timeout=timeout or STATEMENT_TIMEOUT,
        **pool,
    )
    if timeout is not None:
        postgresql.limit(engine, timeout)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin below
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _take_write_lock(connection: Any) -> None:  # noqa: ANN401  # of the driver, and of its pool
    if not connection.in_transaction:  # that of a reader has begun
        connection.execute("BEGIN IMMEDIATE")
