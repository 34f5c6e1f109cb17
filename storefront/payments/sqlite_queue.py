"""The queue of those who write to a SQLite file: first come, first served.

SQLite itself polls a lock that is taken, with pauses that grow, and so sleeps past a short one; and
a thread or a process that has just let go is often the first to take it again.
A program that does not queue here still waits in SQLite's own way.
"""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

try:
    import fcntl
except ImportError:  # Windows has none; threads of one process queue all the same
    fcntl = None  # type: ignore[assignment]

#: Seconds; as long as SQLite waits for its lock.
TIMEOUT = 30.0

#: Processes that are served in the order in which they came; more than a machine runs of a shop.
PLACES = 8

#: Seconds between two looks at a lock that another process has.
PAUSE = 0.0005


class FairLock:
    """A lock for threads that is handed to the one that has waited longest."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_held = False

    def acquire(self, timeout: float) -> bool:
        """Wait for so many seconds at most: whether the lock is held now."""
        with self._mutex:
            if not self._is_held:
                self._is_held = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it was handed over at the last moment

    def release(self) -> None:
        """Hand the lock to the next thread, if one waits."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_held = False


class FileLock:
    """A lock for processes, of which one thread at a time waits.

    Those who wait stand in a line of places, each of which is a file: who has one tries to lock the
    place before it, and leaves its own when it has that. So they are served in the order in which
    they came, as long as there are not more of them than places. A killed process holds no place.
    """

    def __init__(self, path: Path) -> None:
        self._paths = [path.with_name(f"{path.name}-queue{place}") for place in range(PLACES)]
        self._opened: tuple[int, list[int]] = (0, [])

    def acquire(self, timeout: float) -> bool:
        """Wait for so many seconds at most: whether the lock is held now.

        It is never held in a folder that cannot be written to; SQLite will say why.
        """
        try:
            places = self._files()
        except OSError:
            return False
        ends_at, left = monotonic() + timeout, None
        for place in reversed(places):
            is_mine = _lock(place, ends_at)
            if left is not None:
                fcntl.flock(left, fcntl.LOCK_UN)
            if not is_mine:
                return False
            left = place
        return True

    def release(self) -> None:
        """Let another process go on."""
        fcntl.flock(self._files()[0], fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the files; the next one who waits opens them again."""
        process, files = self._opened
        self._opened = 0, []
        if process == os.getpid():
            for file in files:
                os.close(file)

    def _files(self) -> list[int]:
        """The open files of this process, which are not those of the one it was forked from."""
        process, files = self._opened
        if process != os.getpid():
            files = [os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for path in self._paths]
            self._opened = os.getpid(), files
        return files


def _lock(file: int, ends_at: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > ends_at:
                return False
            sleep(PAUSE)
        else:
            return True


class WriterQueue:
    """A lock for the threads of all processes that write to one file."""

    def __init__(self, database: Path, *, timeout: float = TIMEOUT) -> None:
        """Set up the queue of a database file.

        Args:
            database: the file.
            timeout: seconds after which a writer goes on without its turn, and waits for SQLite.
        """
        self._threads = FairLock()
        self._processes = FileLock(database) if fcntl else None
        self._timeout = timeout

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn of this thread; after a while go on without it."""
        if not self._threads.acquire(self._timeout):
            yield
            return
        try:
            is_first = self._processes is not None and self._processes.acquire(self._timeout)
            try:
                yield
            finally:
                if is_first and self._processes:
                    self._processes.release()
        finally:
            self._threads.release()

    def close(self) -> None:
        """Close what is open."""
        if self._processes:
            self._processes.close()
