"""Waits a moment and tries again, instead of refusing, while other payments are under way."""

from collections.abc import Callable
from threading import BoundedSemaphore
from time import monotonic, sleep
from typing import TypeVar

from .errors import RetryShortly

#: For how many seconds a request waits at most, and how long between two tries.
LONGEST_WAIT = 10.0
PAUSE = 0.5

T = TypeVar("T")


class Patience:
    """Lets a few requests wait at once; further ones are refused without waiting."""

    def __init__(self, places: int, *, longest_wait: float = LONGEST_WAIT) -> None:
        self._places = BoundedSemaphore(places)
        self._longest_wait = longest_wait

    def call(self, action: Callable[[], T]) -> T:
        """The result of an action, which is tried again while it raises RetryShortly.

        Raises:
            RetryShortly: the time or the places are used up; and what the action raises.
        """
        try:
            return action()
        except RetryShortly:
            if not self._places.acquire(blocking=False):
                raise
        try:
            return self._try_again(action)
        finally:
            self._places.release()

    def _try_again(self, action: Callable[[], T]) -> T:
        ends_at = monotonic() + self._longest_wait
        while True:
            sleep(PAUSE)
            try:
                return action()
            except RetryShortly:
                if monotonic() + PAUSE > ends_at:
                    raise
