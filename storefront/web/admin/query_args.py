"""Reads the query arguments of the admin lists; an argument that is not valid counts as missing."""

from datetime import date

from flask import request

#: The largest id that a table can hold.
MAX_ID = 2**31 - 1

#: Days outside these years are not valid.
YEARS = range(2000, 2100)


def day_arg(name: str) -> date | None:
    """A day in ISO form."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def before_id() -> int | None:
    """The id where the page before ends."""
    value = request.args.get("before", "")
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(MAX_ID))):
        return None
    return int(value) if 0 < int(value) <= MAX_ID else None
