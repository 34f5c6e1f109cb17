"""Keyset pagination: lists are read by an index, page by page from the newest row back.

Unlike an offset it stays fast however long a list is, and no row is skipped or repeated when new
ones arrive.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Select, or_, select
from sqlalchemy.orm import QueryableAttribute, Session

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
    statement: Select[Any],
    *,
    time: QueryableAttribute[Any] | Column[Any],
    key: QueryableAttribute[Any] | Column[Any],
    before: int | str | None,
    build: Callable[[Any], T] | None = None,
) -> Page[T]:
    """One page of the rows of a statement, ordered by time and, at the same time, by key.

    Args:
        session: to read with.
        statement: selects the rows of one table.
        time: the column that the list is ordered by; it has an index.
        key: the table's primary key.
        before: the `next_before` of the page before; None for the first page. No row is older than
            a key that does not exist.
        build: makes an object of a row, for a table without a mapped class.
    """
    if before is not None:
        last = select(time).where(key == before).scalar_subquery()
        statement = statement.where(time <= last, or_(time < last, key < before))
    ordered = statement.order_by(time.desc(), key.desc())
    limited = ordered.limit(PAGE_SIZE + 1)
    rows = list(map(build, session.execute(limited)) if build else session.scalars(limited))
    has_more = len(rows) > PAGE_SIZE
    next_before = getattr(rows[PAGE_SIZE - 1], str(key.key)) if has_more else None
    return Page(rows[:PAGE_SIZE], next_before)
