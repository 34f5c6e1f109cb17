"""One clock for everything in a world, and the agenda of what falls due on it."""

import time
from collections.abc import Callable, Sized
from datetime import UTC, datetime
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

#: Something that is full of objects, and how to take one out.
Disposable = tuple[Sized, Callable[[], object]]

MINUTE = 60
DAY = 24 * 60 * MINUTE


class Clock:
    """Real time plus an offset; or, once frozen, a time that only moves when told to."""

    def __init__(self, offset: float = 0.0, frozen_at: float | None = None) -> None:
        self.offset = offset
        self.frozen_at = frozen_at

    def now(self) -> float:
        """Seconds since 1970, UTC, in this world."""
        return time.time() + self.offset if self.frozen_at is None else self.frozen_at

    def move_to(self, moment: float) -> None:
        """Make it that time now; time goes on from there, unless frozen."""
        if self.frozen_at is None:
            self.offset = moment - time.time()
        else:
            self.frozen_at = moment

    def freeze(self, frozen: bool) -> None:
        """Stop the clock where it is, or let it go on from there."""
        now = self.now()
        self.frozen_at = now if frozen else None
        self.move_to(now)


class Due(NamedTuple):
    """Something that happens by itself at a time: what, and to which object."""

    at: float
    number: int
    action: str
    subject: str


class Agenda:
    """What falls due, soonest first; things due at the same moment keep their order."""

    def __init__(self) -> None:
        self._heap: list[Due] = []
        self._number = 0

    def add(self, at: float, action: str, subject: str) -> None:
        """Note that the action falls due on the subject at that time."""
        self._number += 1
        heappush(self._heap, Due(at, self._number, action, subject))

    def pop(self, until: float) -> Due | None:
        """The next thing due at or before that time, taken off the agenda."""
        return heappop(self._heap) if self._heap and self._heap[0].at <= until else None

    def contents(self) -> list[Disposable]:
        """What the agenda holds, to be let go of bit by bit."""
        return [(self._heap, self._heap.pop)]

    @property
    def next_at(self) -> float | None:
        """When the next thing falls due."""
        return self._heap[0].at if self._heap else None


@lru_cache(maxsize=4096)
def iso(moment: int) -> str:
    """The moment as Omise writes it: ``2025-03-20T09:24:15Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


@lru_cache(maxsize=64)
def month_of(moment: int) -> tuple[int, int]:
    """The year and the month, in UTC."""
    return time.gmtime(moment)[:2]


def iso_fine(moment: float) -> str:
    """The moment to the millisecond, for our own logs."""
    return f"{iso(int(moment))[:-1]}.{int(moment * 1000) % 1000:03}Z"


def iso_or_none(moment: int | None) -> str | None:
    """As `iso`, and null for what has not happened."""
    return None if moment is None else iso(moment)


def parse_iso(text: str) -> int | None:
    """Seconds since 1970 for an ISO 8601 date or time (UTC unless it says otherwise)."""
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(aware.timestamp())
    except (ValueError, OverflowError):
        return None
