"""Keeps a slow Omise from taking all threads: a bulkhead and a circuit breaker for pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from .errors import OmiseError, OmiseRejected, OmiseUnreachable

#: So many GETs of pages in a row fail before no more are sent.
MAX_FAILURES = 5

#: After so many seconds one GET is sent to see whether Omise answers again.
RETRY_AFTER = 10.0


class Bulkhead:
    """Admits a few GETs of pages at once, and none while Omise keeps failing."""

    def __init__(self, places: int, *, clock: Callable[[], float]) -> None:
        self._places = BoundedSemaphore(places)
        self._lock = Lock()
        self._clock = clock
        self._failures = 0
        self._tried_at = 0.0

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Let a GET pass, and note how it ends.

        Raises:
            OmiseUnreachable: it does not pass, so nothing is sent.
        """
        if not self._places.acquire(blocking=False):
            raise OmiseUnreachable("too many pages wait for Omise")
        try:
            self._check()
            yield from self._watch()
        finally:
            self._places.release()

    def _check(self) -> None:
        now = self._clock()
        with self._lock:
            if self._failures < MAX_FAILURES:
                return
            if 0 <= now - self._tried_at < RETRY_AFTER:
                raise OmiseUnreachable("Omise keeps failing")
            self._tried_at = now

    def _watch(self) -> Iterator[None]:
        try:
            yield
        except OmiseRejected:  # an answer all the same
            self._note(failed=False)
            raise
        except OmiseError:
            self._note(failed=True)
            raise
        self._note(failed=False)

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if failed:
                self._tried_at = self._clock()
