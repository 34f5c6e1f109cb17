"""Readers for one parameter each: the value in its type, or an `ApiError` that names the parameter.

SDKs send numbers and booleans as strings in forms and as JSON types in JSON; both are accepted.
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from omise_sandbox.rules.errors import ApiError
from omise_sandbox.storage.clock import parse_iso
from omise_sandbox.storage.collection import Page

Params = Mapping[str, Any]
FLAGS = {"true": True, "1": True, "false": False, "0": False}
MAX_INTEGER = 10**18


def text(params: Params, name: str, code: str = "bad_request") -> str | None:
    """A text parameter; numbers are converted, an empty string is kept."""
    value = params.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return reject(name, code)


def integer(params: Params, name: str) -> int | None:
    """An integer, from an int or its digits; None for anything else."""
    value = params.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return max(-MAX_INTEGER, min(MAX_INTEGER, value))
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value.strip(" ")):
        return int(value)
    return None


def flag(params: Params, name: str, default: bool, code: str = "bad_request") -> bool:
    """A boolean: JSON booleans, and "true", "false", "1", "0" as forms send them."""
    value = params.get(name)
    if value is None:
        return default
    read = FLAGS.get(str(value).lower())
    return reject(name, code) if read is None else read


def mapping(params: Params, name: str, code: str = "bad_request") -> dict[str, Any] | None:
    """An object, from JSON or a bracketed form; an empty string is an empty object."""
    value = params.get(name)
    if value is None or isinstance(value, dict):
        return value
    return {} if value == "" else reject(name, code)


def listing(params: Params, name: str) -> list[Any]:
    """A list; PHP sends one as an object of positions."""
    value = params.get(name)
    if value in (None, "", {}):
        return []
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return list(value.values())
    return value if isinstance(value, list) else reject(name, "bad_request")


def moment(params: Params, name: str, code: str = "bad_request") -> int | None:
    """Seconds since 1970 from an ISO 8601 date or time."""
    value = params.get(name)
    if value is None or value == "":
        return None
    seconds = parse_iso(value) if isinstance(value, str) else None
    return reject(name, code) if seconds is None else seconds


def page(params: Params) -> Page:
    """The paging parameters: limit 20 (at most 100), offset, order, from, to.

    Source of the defaults: docs.omise.co/api-pagination. A limit above 100 gives 100 (assumed).
    """
    order = params.get("order", "chronological")
    if order not in ("chronological", "reverse_chronological"):
        reject("order", "bad_request")
    until = moment(params, "to")
    if until is not None and _is_bare_date(params["to"]):
        until += 24 * 60 * 60 - 1
    return Page(
        limit=min(100, _natural(params, "limit", 20)),
        offset=_natural(params, "offset", 0),
        newest_first=order == "reverse_chronological",
        since=moment(params, "from") or 0,
        until=until,
    )


def _natural(params: Params, name: str, default: int) -> int:
    if params.get(name) is None:
        return default
    number = integer(params, name)
    return reject(name, "bad_request") if number is None or number < 0 else number


def _is_bare_date(value: str) -> bool:
    return len(value) <= len("2017-11-03")


def reject(name: str, code: str) -> NoReturn:
    """Raise the error for an invalid parameter, with the message that Omise gives a field."""
    raise ApiError(code, f"{name.replace('_', ' ')} is invalid")
