"""Notices a transaction of the host that holds SQLite's write lock in this thread.

SQLite has one writer. A host that has flushed changes and then pays, or refunds, would wait for
itself until the lock times out; the guard turns that into an error at once. To watch costs time
with each statement, so a host that builds the engine itself, and knows its own transactions, is not
watched.
"""

import threading
from collections.abc import Callable

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from .errors import UncommittedTransaction

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

_writers = threading.local()


def watch() -> None:
    """Note from now on which transactions of this process write to SQLite."""
    for name, listener in _LISTENERS.items():
        if not event.contains(Engine, name, listener):
            event.listen(Engine, name, listener)


def guard(engine: Engine) -> None:
    """Raise if another transaction of this thread has written to the same SQLite file.

    Raises:
        UncommittedTransaction: commit or roll back first.
    """
    if engine.dialect.name != "sqlite":
        return
    written: dict[Connection, str | None] = getattr(_writers, "databases", {})
    if engine.url.database in written.values():
        raise UncommittedTransaction(
            "This thread has uncommitted changes in the same SQLite database: "
            "commit before you call the engine."
        )


def _note_write(connection: Connection, _: object, statement: str, *__: object) -> None:
    if connection.dialect.name == "sqlite" and statement.lstrip().upper().startswith(_WRITES):
        if not hasattr(_writers, "databases"):
            _writers.databases = {}
        _writers.databases[connection] = connection.engine.url.database


def _forget(connection: Connection) -> None:
    if hasattr(_writers, "databases"):
        _writers.databases.pop(connection, None)


_LISTENERS: dict[str, Callable[..., None]] = {
    "before_cursor_execute": _note_write,
    "commit": _forget,
    "rollback": _forget,
}
