"""Reads one parameter each: the right type comes out, or a `Refusal` that names it.

SDKs send numbers and booleans as strings in forms and as themselves in JSON; both are read.
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from omise_sandbox.rules.errors import Refusal
from omise_sandbox.storage.clock import parse_iso
from omise_sandbox.storage.collection import Page

Params = Mapping[str, Any]
FLAGS = {"true": True, "1": True, "false": False, "0": False}
LARGEST = 10**18


def text(params: Params, name: str, code: str = "bad_request") -> str | None:
    """The text of a parameter; numbers are taken as text, blank is kept."""
    value = params.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return refuse(name, code)


def integer(params: Params, name: str) -> int | None:
    """A whole number from an int or its digits; None when it is anything else."""
    value = params.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return max(-LARGEST, min(LARGEST, value))
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value.strip(" ")):
        return int(value)
    return None


def flag(params: Params, name: str, default: bool, code: str = "bad_request") -> bool:
    """A yes or no: JSON booleans, and "true", "false", "1", "0" as forms send them."""
    value = params.get(name)
    if value is None:
        return default
    read = FLAGS.get(str(value).lower())
    return refuse(name, code) if read is None else read


def mapping(params: Params, name: str, code: str = "bad_request") -> dict[str, Any] | None:
    """A JSON object or a bracketed form; an empty string, as forms send it, is an empty one."""
    value = params.get(name)
    if value is None or isinstance(value, dict):
        return value
    return {} if value == "" else refuse(name, code)


def listing(params: Params, name: str) -> list[Any]:
    """A list; PHP sends one as a mapping of positions."""
    value = params.get(name)
    if value in (None, "", {}):
        return []
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return list(value.values())
    return value if isinstance(value, list) else refuse(name, "bad_request")


def moment(params: Params, name: str, code: str = "bad_request") -> int | None:
    """Seconds since 1970 from an ISO 8601 date or time."""
    value = params.get(name)
    if value is None or value == "":
        return None
    seconds = parse_iso(value) if isinstance(value, str) else None
    return refuse(name, code) if seconds is None else seconds


def page(params: Params, now: int) -> Page:
    """Which part of a list is asked for: limit 20 (at most 100), offset, order, from, to.

    Source of the defaults: docs.omise.co/api-pagination. More than 100 gives 100 (assumed).
    """
    order = params.get("order", "chronological")
    if order not in ("chronological", "reverse_chronological"):
        refuse("order", "bad_request")
    until = moment(params, "to")
    if until is not None and _is_bare_date(params["to"]):
        until += 24 * 60 * 60 - 1
    return Page(
        limit=min(100, _natural(params, "limit", 20)),
        offset=_natural(params, "offset", 0),
        newest_first=order == "reverse_chronological",
        since=moment(params, "from") or 0,
        until=now if until is None else until,
    )


def _natural(params: Params, name: str, default: int) -> int:
    if params.get(name) is None:
        return default
    number = integer(params, name)
    return refuse(name, "bad_request") if number is None or number < 0 else number


def _is_bare_date(value: str) -> bool:
    return len(value) <= len("2017-11-03")


def refuse(name: str, code: str) -> NoReturn:
    """Say that the parameter makes no sense, in Omise's manner of naming fields."""
    raise Refusal(code, f"{name.replace('_', ' ')} is invalid")
