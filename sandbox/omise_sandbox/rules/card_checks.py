"""Validation of the card fields of a new token, with the messages that omise-ios expects."""

import re
from typing import Any, NamedTuple

from omise_sandbox.rules.cards import Brand, brand_of, passes_luhn
from omise_sandbox.rules.dialects import Dialect
from omise_sandbox.rules.errors import ApiError, join_messages
from omise_sandbox.storage.clock import month_of

MONTH = "expiration month is not between 1 and 12"

#: Marks a value that is not text: never a valid number, date or code.
NO_TEXT = "\0"
NUMBER = re.compile("[0-9]{13,19}").fullmatch
CODE = re.compile("[0-9]{3,4}").fullmatch
ONE_OR_TWO = re.compile("[0-9]{1,2}").fullmatch
TWO = re.compile("[0-9]{2}").fullmatch
FOUR = re.compile("(19[5-9]|20[0-9]|21[0-9])[0-9]").fullmatch

#: Topics of `dialects.DIFFERENCES` by priority: the documented dialect reports only the first.
TOPICS = (
    "missing_field",
    "number_format",
    "date_impossible",
    "number_check",
    "unknown_brand",
    "date_past",
    "security_code",
)


class Problem(NamedTuple):
    """One validation problem: its topic in `dialects.DIFFERENCES`, and its message."""

    topic: str
    message: str


class ValidCard(NamedTuple):
    """Card fields that passed validation. The number is dropped once the token is built."""

    number: str
    brand: Brand
    name: str
    month: int
    year: int
    has_security_code: bool


def validate_card(fields: dict[str, Any], now: int, dialect: Dialect) -> ValidCard:
    """Validate the card fields. Raises `ApiError` in the form of the dialect."""
    number = _number(fields, dialect)
    month, year = _whole(fields.get("expiration_month")), _year(fields.get("expiration_year"))
    name, code = _text(fields.get("name")), _text(fields.get("security_code"))
    if name == NO_TEXT:
        name = ""
    brand = brand_of(number)
    problems = [
        *_month_problems(fields, month),
        *([] if name else [Problem("missing_field", "name can't be blank")]),
        *_year_problems(fields, year),
        *_date_problems(fields, month, year, now),
        *_number_problems(number, brand, dialect),
        *_code_problems(code),
    ]
    if problems or brand is None or month is None or year is None:
        raise _refusal(problems, dialect)
    return ValidCard(number, brand, name, month, year, bool(code))


def check_dates(fields: dict[str, Any], now: int, dialect: Dialect) -> tuple[int, int]:
    """Validate a new expiry date of a saved card: month and year. Raises `ApiError`."""
    month, year = _whole(fields.get("expiration_month")), _year(fields.get("expiration_year"))
    problems = [
        *_month_problems(fields, month),
        *_year_problems(fields, year),
        *_date_problems(fields, month, year, now),
    ]
    if problems or month is None or year is None:
        raise _refusal(problems, dialect)
    return month, year


def _refusal(problems: list[Problem], dialect: Dialect) -> ApiError:
    first = min(problems, key=lambda problem: TOPICS.index(problem.topic))
    answer = getattr(dialect, first.topic)
    told = [
        problem.message
        for problem in problems
        if dialect.joins_all_problems or getattr(dialect, problem.topic) == answer
    ]
    return ApiError(answer.code, join_messages(list(dict.fromkeys(told))), answer.status)


def _month_problems(fields: dict[str, Any], month: int | None) -> list[Problem]:
    if month and month <= 12:
        return []
    if _text(fields.get("expiration_month")):
        return [Problem("date_impossible", MONTH)]
    blank = Problem("missing_field", "expiration month can't be blank")
    return [blank, Problem("missing_field", MONTH)]


def _year_problems(fields: dict[str, Any], year: int | None) -> list[Problem]:
    if year is not None:
        return []
    blank = not _text(fields.get("expiration_year"))
    return [Problem("missing_field" if blank else "date_impossible", "expiration year is invalid")]


def _date_problems(
    fields: dict[str, Any], month: int | None, year: int | None, now: int
) -> list[Problem]:
    if month and month <= 12:
        is_past = year is not None and (year, month) < month_of(now)
        return [Problem("date_past", "expiration date cannot be in the past")] if is_past else []
    if _text(fields.get("expiration_month")):
        return [Problem("date_impossible", "expiration date is invalid")]
    return []


def _number_problems(number: str, brand: Brand | None, dialect: Dialect) -> list[Problem]:
    unsupported = "brand not supported (unknown)"
    if not number:
        blank = Problem("missing_field", "number can't be blank")
        return [blank, Problem("missing_field", unsupported)]
    well_formed = NUMBER(number)
    if not well_formed and not dialect.joins_all_problems:
        return [Problem("number_format", "number is invalid")]
    if brand is None:
        wrong = Problem("number_check", "number is invalid")
        return [wrong, Problem("unknown_brand", unsupported)]
    good = well_formed and len(number) in brand.lengths and passes_luhn(number)
    return [] if good else [Problem("number_check", "number is invalid")]


def _code_problems(code: str) -> list[Problem]:
    if not code or CODE(code):
        return []
    return [Problem("security_code", "security code is invalid")]


def _number(fields: dict[str, Any], dialect: Dialect) -> str:
    number = _text(fields.get("number"))
    return re.sub("[ -]", "", number) if dialect.strips_number else number


def _text(value: object) -> str:
    """The text of a field: "" when absent, `NO_TEXT` for a list, a boolean or another type."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else NO_TEXT


def _whole(value: object) -> int | None:
    text = _text(value)
    return int(text) if ONE_OR_TWO(text) else None


def _year(value: object) -> int | None:
    """Two or four digits (brief). Years outside 1950 to 2199 are invalid (assumed)."""
    text = _text(value)
    if TWO(text):
        return 2000 + int(text)
    return int(text) if FOUR(text) else None
