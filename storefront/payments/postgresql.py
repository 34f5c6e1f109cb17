"""Connections to PostgreSQL that never hang: not when it is busy, frozen or cut off."""

from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Engine, event

#: What libpq waits for at most: seconds to connect; a silent peer is given up after half a minute.
CONNECT_ARGS = {
    "connect_timeout": 2,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}

#: What the server waits for at most.
SESSION = (
    "SET lock_timeout = '10s';"
    "SET statement_timeout = '15s';"
    "SET idle_in_transaction_session_timeout = '30s'"
)


def limit(engine: Engine, seconds: float) -> None:
    """Make the connections of an engine give up a statement that the server does not answer."""

    class Limited(psycopg.Connection[Any]):
        def wait(self, gen: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # as psycopg has it
            try:
                return super().wait(_in_time(gen, monotonic() + seconds), *args, **options)
            except TimeoutError:
                self.pgconn.finish()  # a rollback would hang as well
                raise psycopg.OperationalError("no response of the database in time") from None

    def connect(_: object, __: object, args: list[Any], options: dict[str, Any]) -> Limited:
        connection = Limited.connect(*args, **options)
        connection.execute(SESSION)
        connection.commit()
        return connection

    event.listen(engine, "do_connect", connect)


def _in_time(gen: Generator[Any, Any, Any], ends_at: float) -> Generator[Any, Any, Any]:
    """The same generator, until that time: psycopg resumes it often while it waits.

    Raises:
        TimeoutError: it waits for too long.
    """
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and monotonic() > ends_at:
                raise TimeoutError
            wanted = gen.send(ready)
    except StopIteration as end:
        return end.value
