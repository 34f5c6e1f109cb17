"""Keyset pagination: lists are read by an index, page by page from the newest row back.

Unlike an offset it stays fast however long a list is, and no row is skipped or repeated when new
ones arrive.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows, the newest first, and the cursor of the next page."""

    rows: list[T]
    #: The key of the last row if there are older ones, to be passed as `before`.
    next_before: int | str | None


def newest_first(
    session: Session,
    statement: Select[T],
    *,
    time: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[Any],
    before: int | str | None,
) -> Page[T]:
    """One page of the rows of a statement, ordered by time and, at the same time, by key.

    Args:
        session: to read with.
        statement: selects the rows of one table.
        time: the column that the list is ordered by; it has an index.
        key: the table's primary key.
        before: the `next_before` of the page before; None for the first page. No row is older than
            a key that does not exist.
    """
    if before is not None:
        last = select(time).where(key == before).scalar_subquery()
        statement = statement.where(time <= last, or_(time < last, key < before))
    ordered = statement.order_by(time.desc(), key.desc())
    rows = list(session.scalars(ordered.limit(PAGE_SIZE + 1)))
    has_more = len(rows) > PAGE_SIZE
    next_before = getattr(rows[PAGE_SIZE - 1], key.key) if has_more else None
    return Page(rows[:PAGE_SIZE], next_before)
