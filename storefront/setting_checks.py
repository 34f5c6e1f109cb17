"""Checks of single settings. Each returns the value, or raises ValueError with what is wrong.

They find what can never work, without asking a network or a database.
"""

import base64
import os
import re
from binascii import Error as NotBase64
from email.headerregistry import Address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

#: Counts in each process by itself.
MEMORY = "memory://"

#: What Omise takes with a card beside what is on it, and the names of its fields there.
CARDHOLDER_FIELDS = {
    "email": ("email",),
    "phone": ("phone_number",),
    "address": ("street1", "city", "postal_code", "country"),
}

#: A host name or an IP address, without scheme and port.
HOST_NAME = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\]")


class Home(NamedTuple):
    """A country, and its time zone; UTC for a country with several."""

    country: str
    timezone: str


#: The home of each currency; a currency of several countries, such as EUR, has none.
HOMES = {
    "THB": Home("TH", "Asia/Bangkok"),
    "JPY": Home("JP", "Asia/Tokyo"),
    "SGD": Home("SG", "Asia/Singapore"),
    "MYR": Home("MY", "Asia/Kuala_Lumpur"),
    "GBP": Home("GB", "Europe/London"),
    "USD": Home("US", "UTC"),
}
NO_HOME = Home("", "UTC")

#: How the placeholders of .env.example end.
PLACEHOLDER_ENDINGS = ("...", "…")

#: What pydantic says of a setting that follows from others, when one of those is wrong.
NO_FAULT_OF_ITS_OWN = "default_factory_not_called"


def split(value: str) -> list[str]:
    """The parts of a setting that are separated by commas."""
    return [part.strip() for part in value.split(",") if part.strip()]


def clean(value: object) -> object:
    """A text without the white space and the quotes around it; None for an empty one.

    A placeholder counts as empty.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return None if not text or text.endswith(PLACEHOLDER_ENDINGS) else text


def web_address(value: str) -> str:
    """An http or https address."""
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value) or not _has_valid_port(value):
        raise ValueError("is not a web address; write it like https://shop.example")
    return value.rstrip("/")


def origin(value: str) -> str:
    """A web address without a path."""
    parts = urlsplit(web_address(value))
    if parts != SplitResult(parts.scheme, parts.netloc, "", "", "") or "@" in parts.netloc:
        raise ValueError(
            "must have no path; give the shop a host name of its own, like https://shop.example"
        )
    return value.rstrip("/")


def database(value: str) -> str:
    """PostgreSQL, or SQLite in a file that can be made."""
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    name = url.drivername.partition("+")[0] if url else ""
    if url is None or name not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if name == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise ValueError("needs a file; write it like sqlite:///data/shop.db")
        _check_writable(Path(url.database).parent)
    return value


def home_timezone(settings: dict[str, Any]) -> str:
    """The time zone where the currency is at home; UTC if that is several."""
    return home_of(settings["store_currency"]).timezone


def home_of(currency: str) -> Home:
    """Where a currency is at home; `NO_HOME` if that is in several countries."""
    return HOMES.get(currency, NO_HOME)


def timezone(value: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # KeyError: ZoneInfoNotFoundError
        raise ValueError("is no time zone; write it like Asia/Bangkok or UTC") from None
    return value


def mail_server(value: str) -> str:
    """An SMTP server."""
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_valid_port(value):
        raise ValueError("must be like smtp://user:password@host:587 or smtps://host")
    return value


def optional_mail_address(value: str) -> str:
    """A mail address, or nothing."""
    return mail_address(value) if value else value


def mail_address(value: str) -> str:
    """The address of a mailbox."""
    try:
        address = Address(addr_spec=value)
    except (ValueError, IndexError):
        address = Address()
    if not (address.username and address.domain):
        raise ValueError("is not an email address; write it like shop@example.com")
    return value


def folder(value: Path) -> Path:
    """A folder that can be made and written."""
    _check_writable(value)
    return value


def host_names(value: str) -> str:
    """Host names, with commas between; one that begins with a dot stands for all below it."""
    names = [name.strip() for name in value.split(",")]
    if wrong := [name for name in names if name and not HOST_NAME.fullmatch(name)]:
        raise ValueError(f"has {wrong[0]!r}; write names only, like shop.example,www.shop.example")
    return value


def api_version(value: str) -> str:
    """A version of Omise's API, which is a day."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("is not a version of Omise's API; write it like 2019-05-29")
    return value


def webhook_secrets(value: str) -> str:
    """Base64, one or two with a comma between."""
    for secret in split(value):
        try:
            base64.b64decode(secret, validate=True)
        except NotBase64:
            raise ValueError("is not base64; copy it from the Omise dashboard") from None
    return value


def cardholder_fields(value: str) -> str:
    """Names of what is known of a cardholder, with commas between; "none" for nothing."""
    names = [name.strip().lower() for name in value.split(",")]
    if unknown := set(names) - {*CARDHOLDER_FIELDS, "none"}:
        raise ValueError(f"has {', '.join(unknown)}; use {', '.join(CARDHOLDER_FIELDS)} or none")
    return ",".join(names)


def counter_storage(value: str) -> str:
    """Where coarse limits are counted."""
    if value != MEMORY:
        try:
            storage_from_string(value)
        except ConfigurationError:
            raise ValueError("cannot be used; write memory:// or redis://host:6379") from None
    return value


def explain(error: ValidationError) -> str:
    """One line a fault, naming the variable, never showing its value."""
    lines = ["The shop cannot start. Correct these settings (see .env.example):"]
    for fault in error.errors(include_url=False, include_input=False):
        if fault["type"] == NO_FAULT_OF_ITS_OWN:
            continue
        name = str(fault["loc"][0]).upper() if fault["loc"] else ""
        words = (
            "is missing"
            if fault["type"] == "missing"
            else fault["msg"].removeprefix("Value error, ")
        )
        lines.append(f"  {name} {words}".replace("   ", "  "))
    return "\n".join(lines)


def _has_valid_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _check_writable(path: Path) -> None:
    """Raise unless the folder, or the nearest one above that exists, can be written."""
    path = path.absolute()
    existing = next(each for each in (path, *path.parents) if each.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        raise ValueError(f"needs the folder {path}, which cannot be written; choose another")
