"""Health checks of the running shop, for load balancers, the admin dashboard and `doctor`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from storefront.models import Heartbeat
from storefront.payments.database import MIGRATIONS, Database
from storefront.payments.outbox import WORKER

#: A worker without a heartbeat for this long counts as dead.
MAX_SILENCE = timedelta(seconds=60)

#: The result of a check that passes.
OK = "ok"


class Health:
    """Checks what the shop needs to take payments."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def checks(self) -> dict[str, str]:
        """Each check with its result: "ok", or a short description of the problem."""
        try:
            with self._database.reading() as session:
                current = current_revision(session.connection())
                heartbeat = session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
        except SQLAlchemyError as error:
            return {"database": f"unreachable ({type(error).__name__})"}
        return {
            "database": OK,
            "migrations": OK if current == newest_revision() else "pending",
            "worker": self._worker(heartbeat),
        }

    def has_pending_migrations(self) -> bool:
        """Whether the database is older than the code.

        Raises:
            SQLAlchemyError: if the database cannot be reached.
        """
        with self._database.engine.connect() as connection:
            return current_revision(connection) != newest_revision()

    def _worker(self, heartbeat: datetime | None) -> str:
        if heartbeat is None:
            return "never seen"
        silence = self._now() - heartbeat
        return OK if silence < MAX_SILENCE else f"silent for {round(silence.total_seconds())} s"


# Alembic is imported when it is needed: it is large, and serving pages does not need it.


def current_revision(connection: Connection) -> str | None:
    """The revision of the database."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str | None:
    """The revision that this version of the code needs."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()
