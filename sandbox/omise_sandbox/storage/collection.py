"""Objects of one kind, by id and in order of creation."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar


class Storable(Protocol):
    """What a collection needs of a record."""

    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> int: ...


R = TypeVar("R", bound=Storable)


class Page(NamedTuple):
    """The requested part of a list. `since` and `until` are seconds, both inclusive."""

    limit: int = 20
    offset: int = 0
    newest_first: bool = False
    since: int = 0
    until: int | None = None


class Collection(Generic[R]):
    """Every operation takes constant or logarithmic time."""

    def __init__(self) -> None:
        self.by_id: dict[str, R] = {}
        self._ids: list[str] = []
        self._newest = 0
        #: False once the clock went back, so that a later object is older than an earlier one.
        self._is_chronological = True

    def __len__(self) -> int:
        return len(self._ids)

    def pop_one(self) -> None:
        """Remove any object; used to dispose of the collection in batches."""
        self.by_id.popitem()
        if self._ids:  # shorter when objects were unlisted
            self._ids.pop()

    def get(self, record_id: str) -> R | None:
        """The newest version of the object, if it exists."""
        return self.by_id.get(record_id)

    def put(self, record: R) -> bool:
        """Store the version; true when the object is new."""
        new = record.id not in self.by_id
        if new:
            self._ids.append(record.id)
            if record.created_at < self._newest:
                self._is_chronological = False
            self._newest = record.created_at
        self.by_id[record.id] = record
        return new

    def unlist(self, record_id: str) -> None:
        """Hide the object from lists. Ids sort by creation, so a binary search finds it."""
        position = bisect_left(self._ids, record_id[-19:], key=_time_ordered)
        if position < len(self._ids) and self._ids[position] == record_id:
            del self._ids[position]

    def all(self, *, newest_first: bool) -> Iterator[R]:
        """Every listed object."""
        for record_id in reversed(self._ids) if newest_first else self._ids:
            yield self.by_id[record_id]

    def page(self, page: Page) -> tuple[int, list[R]]:
        """The number of objects in the requested period, and those on the page."""
        if not self._is_chronological and (page.since or page.until is not None):
            return slice_of(list(self.all(newest_first=False)), page)
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


def slice_of(items: list[R], page: Page) -> tuple[int, list[R]]:
    """The requested page of a short list, such as a customer's cards."""
    until = page.until if page.until is not None else 1 << 62
    within = [item for item in items if page.since <= item.created_at <= until]
    ordered = within[::-1] if page.newest_first else within
    return len(within), ordered[page.offset : page.offset + page.limit]


def _time_ordered(record_id: str) -> str:
    return record_id[-19:]
