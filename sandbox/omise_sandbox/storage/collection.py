"""Objects of one kind, by id and in order of creation."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar


class Storable(Protocol):
    """What a shelf needs to know of a record."""

    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> int: ...


R = TypeVar("R", bound=Storable)


class Page(NamedTuple):
    """Which part of a list is asked for. `since` and `until` are seconds and inclusive."""

    limit: int = 20
    offset: int = 0
    newest_first: bool = False
    since: int = 0
    until: int | None = None


class Shelf(Generic[R]):
    """Every operation costs the same however many objects there are."""

    def __init__(self) -> None:
        self.by_id: dict[str, R] = {}
        self._ids: list[str] = []

    def __len__(self) -> int:
        return len(self._ids)

    def drop_one(self) -> None:
        """Let go of an object, whichever: `by_id` is emptied bit by bit, and the shelf with it."""
        self.by_id.popitem()
        if self._ids:  # shorter where objects were unlisted
            self._ids.pop()

    def get(self, record_id: str) -> R | None:
        """The newest version of the object, if there is one."""
        return self.by_id.get(record_id)

    def put(self, record: R) -> bool:
        """Keep the version; true when the object is new."""
        new = record.id not in self.by_id
        if new:
            self._ids.append(record.id)
        self.by_id[record.id] = record
        return new

    def unlist(self, record_id: str) -> None:
        """Keep the object but leave it out of lists. Ids sort by creation, so it is found fast."""
        position = bisect_left(self._ids, record_id[-19:], key=_time_ordered)
        if position < len(self._ids) and self._ids[position] == record_id:
            del self._ids[position]

    def all(self, *, newest_first: bool) -> Iterator[R]:
        """Every object that lists show."""
        for record_id in reversed(self._ids) if newest_first else self._ids:
            yield self.by_id[record_id]

    def page(self, page: Page) -> tuple[int, list[R]]:
        """How many objects fall in the time asked for, and those on the page."""
        first = bisect_left(self._ids, page.since, key=self._created_at) if page.since else 0
        last = len(self._ids)
        if page.until is not None and last and self._created_at(self._ids[-1]) > page.until:
            last = bisect_right(self._ids, page.until, key=self._created_at)
        return max(0, last - first), [self.by_id[i] for i in self._slice(first, last, page)]

    def _created_at(self, record_id: str) -> int:
        return self.by_id[record_id].created_at

    def _slice(self, first: int, last: int, page: Page) -> list[str]:
        if page.newest_first:
            end = max(first, last - page.offset)
            return self._ids[max(first, end - page.limit) : end][::-1]
        start = first + page.offset
        return self._ids[start : min(last, start + page.limit)]


def _time_ordered(record_id: str) -> str:
    return record_id[-19:]
