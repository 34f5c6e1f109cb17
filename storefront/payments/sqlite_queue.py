"""The queue of those who write to a SQLite file: each wakes the next.

SQLite itself polls a lock that is taken, with pauses that grow, and so sleeps past a short one.
A program that does not queue here still waits in SQLite's own way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

try:
    import fcntl
except ImportError:  # Windows has none; threads of one process queue all the same
    fcntl = None  # type: ignore[assignment]

#: Seconds; as long as SQLite waits for its lock.
TIMEOUT = 30.0


class WriterQueue:
    """A lock for the threads of all processes that write to one file."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}-queue")
        self._lock = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn of this thread; after a while go on without it."""
        has_lock = self._lock.acquire(timeout=TIMEOUT)
        try:
            if fcntl is None or not has_lock:
                yield
                return
            with self._file.open("w") as file:  # closing it lets the next one go on
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        finally:
            if has_lock:
                self._lock.release()
