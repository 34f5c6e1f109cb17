"""The settings of a world, and their validation."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from omise_sandbox.rules.countries import COUNTRIES, COUNTRY_OF
from omise_sandbox.rules.dialects import DIALECTS
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.rules.money import CURRENCIES

THREE_DS = ("card", "always", "never")
#: Lists whose metadata a merchant can export (docs.omise.co/account-api).
EXPORTS = ("charge", "transfer", "refund", "dispute")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a world behaves."""

    dialect: str = "documented"
    #: The cards that need 3-D Secure: those whose number says so, all, or none.
    three_ds: str = "card"
    #: The account's currency: fees and funding amounts are in it.
    currency: str = "THB"
    #: The account's country: limits, payment methods, and the lifetime of an authorization.
    country: str = "TH"
    #: Seconds added to every call of the API.
    latency: float = 0.0
    #: Makes ids repeatable, together with a frozen clock.
    seed: int | None = None
    webhook_url: str | None = None
    #: base64, as the dashboard shows it; two, comma-separated, during a rotation.
    webhook_secret: str | None = None
    #: The rest is set by `PATCH /account`, and only echoed.
    chain_enabled: bool = False
    chain_return_uri: str | None = None
    zero_interest_installments: bool = False
    metadata_export_keys: dict[str, list[str]] = field(
        default_factory=lambda: {name: [] for name in EXPORTS}
    )

    def with_changes(self, params: Mapping[str, object]) -> "Settings":
        """The settings with these changes. Raises `ApiError` naming the first invalid one."""
        changes: dict[str, Any] = {name: _validated(name, value) for name, value in params.items()}
        return replace(self, **_of_one_account(changes))

    def to_json(self) -> dict[str, Any]:
        """All settings by name."""
        return asdict(self)


def _of_one_account(changes: dict[str, Any]) -> dict[str, Any]:
    """A country implies its currency, and a currency its country, unless both are named."""
    if "country" in changes:
        return {"currency": COUNTRIES[changes["country"]].currency} | changes
    if changes.get("currency") in COUNTRY_OF:
        return changes | {"country": COUNTRY_OF[changes["currency"]]}
    return changes


def _validated(name: str, value: object) -> object:
    if name not in CHECKS:
        raise ApiError("bad_request", f"{name} is not a setting; use {', '.join(CHECKS)}")
    try:
        return CHECKS[name](value)
    except (ValueError, TypeError) as error:
        raise ApiError("bad_request", f"{name}: {error}") from error


def _one_of(*choices: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}")
        return str(value)

    return check


def _seconds(value: object) -> float:
    seconds = float(str(value))
    if not 0 <= seconds <= 60:
        raise ValueError("choose between 0 and 60 seconds")
    return seconds


def _seed(value: object) -> int | None:
    return None if value is None else int(str(value))


def _url(value: object) -> str | None:
    if not value:
        return None
    if not isinstance(value, str) or not is_web_address(value):
        raise ValueError("give an absolute http or https address")
    return value


def _secret(value: object) -> str | None:
    if not value:
        return None
    for secret in str(value).split(","):
        try:
            base64.b64decode(secret, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("give base64, or two comma-separated") from error
    return str(value)


def _flag(value: object) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ValueError("choose true or false")
    return str(value).lower() == "true"


def _export_keys(value: object) -> dict[str, list[str]]:
    if not isinstance(value, dict) or not set(value) <= set(EXPORTS):
        raise ValueError(f"give lists for {', '.join(EXPORTS)}")
    if not all(isinstance(names, list) for names in value.values()):
        raise ValueError("give lists of names")
    return {name: [str(key) for key in value.get(name, [])] for name in EXPORTS}


def is_web_address(text: str) -> bool:
    """Whether it is an absolute http or https URL without spaces or control characters."""
    if not re.fullmatch(r"[!-~]+", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


CHECKS: dict[str, Callable[[object], Any]] = {
    "dialect": _one_of(*DIALECTS),
    "three_ds": _one_of(*THREE_DS),
    "currency": _one_of(*CURRENCIES),
    "country": _one_of(*COUNTRIES),
    "latency": _seconds,
    "seed": _seed,
    "webhook_url": _url,
    "webhook_secret": _secret,
    "chain_enabled": _flag,
    "chain_return_uri": _url,
    "zero_interest_installments": _flag,
    "metadata_export_keys": _export_keys,
}
