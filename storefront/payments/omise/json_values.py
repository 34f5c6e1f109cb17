"""Reads single values of Omise's JSON strictly."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

#: Later times are no times of a charge; adding to them could overflow.
LAST_YEAR = 9000


def text(value: object) -> str:
    """A text that any database can store.

    Raises:
        TypeError, ValueError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError("not a text")
    value.encode()  # raises on half of a surrogate pair
    if "\0" in value:
        raise ValueError("a text with NUL")
    return value


def optional_text(value: object) -> str | None:
    """The same, or None."""
    return None if value is None else text(value)


def remark(value: object) -> str | None:
    """A text that only informs people; None for anything else, which must stop nothing."""
    try:
        return text(value) or None
    except (TypeError, ValueError):
        return None


def remarks(value: object) -> tuple[str, ...]:
    """A list of such texts; none for anything else."""
    listed = value if isinstance(value, list) else []
    return tuple(found for each in listed if (found := remark(each)))


def mapping(value: object) -> dict[str, Any]:
    """The fields of an object; none for anything else, such as metadata that others wrote."""
    return dict(value) if isinstance(value, Mapping) else {}


def integer(value: object) -> int:
    """A whole number.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def time(value: str) -> datetime:
    """An aware time in UTC.

    Raises:
        ValueError: the text is none.
    """
    at = datetime.fromisoformat(value)
    if at.tzinfo is None or not 1 < at.year < LAST_YEAR:
        raise ValueError("not a time of Omise")
    return at.astimezone(UTC)


def object_id(value: str | Mapping[str, Any] | None) -> str | None:
    """The id of something that Omise gives as an id or, when expanded, as a whole object."""
    return optional_text(value["id"] if isinstance(value, Mapping) else value)
