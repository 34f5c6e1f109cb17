"""The clock of a world, and the queue of tasks that fall due on it."""

import time
from collections.abc import Callable, Sized
from datetime import UTC, datetime
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

#: A container of objects, and a function that removes one.
Disposable = tuple[Sized, Callable[[], object]]

MINUTE = 60
DAY = 24 * 60 * MINUTE


class Clock:
    """Real time plus an offset; once frozen, a time that changes only on request."""

    def __init__(self, offset: float = 0.0, frozen_at: float | None = None) -> None:
        self.offset = offset
        self.frozen_at = frozen_at

    def now(self) -> float:
        """Seconds since 1970, UTC, on this clock."""
        return time.time() + self.offset if self.frozen_at is None else self.frozen_at

    def set_to(self, moment: float) -> None:
        """Set the time; the clock runs on from there, unless frozen."""
        if self.frozen_at is None:
            self.offset = moment - time.time()
        else:
            self.frozen_at = moment

    def follow_real_time(self) -> None:
        """Drop the offset and run in real time."""
        self.offset, self.frozen_at = 0.0, None

    def from_machine(self, moment: int) -> int:
        """A time that a caller took from the machine's clock, as a time of this clock.

        Callers know no other clock than the machine's, unless they read one from a response. So a
        time that is past here, but still to come on the machine, is moved by the offset.
        """
        machine = time.time()
        if moment > self.now() or moment <= machine:
            return moment
        return moment + int(self.now() - machine)

    def freeze(self, frozen: bool) -> None:
        """Stop the clock, or let it run on from where it stopped."""
        now = self.now()
        self.frozen_at = now if frozen else None
        self.set_to(now)


class DueTask(NamedTuple):
    """An action that falls due on a subject at a time."""

    at: float
    number: int
    action: str
    subject: str


class DueQueue:
    """Tasks by due time; tasks due at the same moment keep their order."""

    def __init__(self) -> None:
        self._heap: list[DueTask] = []
        self._number = 0

    def add(self, at: float, action: str, subject: str) -> None:
        """Schedule the action for the subject."""
        self._number += 1
        heappush(self._heap, DueTask(at, self._number, action, subject))

    def pop(self, until: float) -> DueTask | None:
        """Remove and return the next task that is due by that time."""
        return heappop(self._heap) if self._heap and self._heap[0].at <= until else None

    def disposables(self) -> list[Disposable]:
        """The contents, for disposal in batches."""
        return [(self._heap, self._heap.pop)]

    @property
    def next_at(self) -> float | None:
        """When the next task falls due."""
        return self._heap[0].at if self._heap else None


@lru_cache(maxsize=4096)
def iso(moment: int) -> str:
    """The moment in Omise's format: ``2025-03-20T09:24:15Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


@lru_cache(maxsize=64)
def month_of(moment: int) -> tuple[int, int]:
    """The year and the month, in UTC."""
    return time.gmtime(moment)[:2]


def iso_fine(moment: float) -> str:
    """The moment in milliseconds, for the sandbox's own logs."""
    return f"{iso(int(moment))[:-1]}.{int(moment * 1000) % 1000:03}Z"


def iso_or_none(moment: int | None) -> str | None:
    """Like `iso`; None for None."""
    return None if moment is None else iso(moment)


def parse_iso(text: str) -> int | None:
    """Seconds since 1970 for an ISO 8601 date or time (UTC by default)."""
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(aware.timestamp())
    except (ValueError, OverflowError):
        return None
