"""Health checks: what a load balancer, a monitor and `doctor` ask."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Select, insert, inspect, select, table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import column

from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.engine import MIGRATIONS as ENGINE_MIGRATIONS
from storefront.payments.outbox import MAX_SILENCE, Outbox

log = structlog.get_logger()

#: The migrations of the shop's own tables.
MIGRATIONS = Path(__file__).parents[1] / "migrations"

#: Each folder of migrations with the table that holds its version. The engine's come first.
VERSION_TABLES = {ENGINE_MIGRATIONS: "omise_version", MIGRATIONS: "alembic_version"}

#: What a check says when nothing is wrong.
OK = "ok"


#: How long a check waits for the database, in seconds.
TIMEOUT = 2.0


class Health:
    """Checks what the shop needs, over connections of its own: it never queues behind shoppers."""

    def __init__(self, database_url: str, *, now: Callable[[], datetime]) -> None:
        self._database = Database(database_url, max_connections=2, timeout=TIMEOUT)
        self._outbox = Outbox(self._database, now=now)
        self._now = now

    def close(self) -> None:
        """Close all connections."""
        self._database.dispose()

    def checks(self) -> dict[str, str]:
        """Each check with its result: "ok", or a short description of the problem."""
        try:
            is_behind = self.has_pending_migrations()
            heartbeat = None if is_behind else self._outbox.last_heartbeat()
        except SQLAlchemyError as error:
            return {"database": f"unreachable ({type(error).__name__})"}
        return {
            "database": OK if is_behind else self._write_check(),
            "migrations": "pending" if is_behind else OK,
            "worker": self._worker_check(heartbeat),
        }

    def has_pending_migrations(self) -> bool:
        """Whether the tables are behind the program.

        Raises:
            SQLAlchemyError: the database cannot be reached.
        """
        with self._database.connect() as connection:
            return any(
                _version(connection, name) != newest_revision(folder)
                for folder, name in VERSION_TABLES.items()
            )

    def _write_check(self) -> str:
        """Write, and take it back: a disk that is full, or a standby, can be read all the same.

        SQLite being busy shows that others write.
        """
        try:
            with self._database.connect() as connection:  # at its end all is rolled back
                probe = insert(tables.heartbeats).values(name="readiness", at=self._now())
                connection.execute(probe)
        except SQLAlchemyError as error:
            if is_busy(error):
                return OK
            log.exception("database_not_writable")
            return f"not writable ({type(error).__name__})"
        return OK

    def _worker_check(self, heartbeat: datetime | None) -> str:
        if heartbeat is None:
            return "never seen"
        silence = self._now() - heartbeat
        return OK if silence < MAX_SILENCE else f"silent for {round(silence.total_seconds())} s"


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether another program writes to the SQLite file."""
    return getattr(getattr(error, "orig", None), "sqlite_errorname", "") == "SQLITE_BUSY"


def newest_revision(folder: Path) -> str:
    """The newest revision in a folder of migrations: files are named by it, in order."""
    return max(path.stem.partition("_")[0] for path in (folder / "versions").glob("[0-9]*.py"))


def _version(connection: Connection, name: str) -> str | None:
    """The revision of a version table; None when nothing was migrated yet."""
    if not inspect(connection).has_table(name):
        return None
    version: Select[Any] = select(column("version_num")).select_from(table(name))
    found: str | None = connection.execute(version).scalar()
    return found
