"""The settings of the engine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import Any, Literal, Self, get_args, get_origin

from .errors import InvalidSetting
from .omise.client import API_VERSION
from .omise.transport import max_call

#: Omise's keys say which they are and to which mode they belong (docs.omise.co/api-authentication).
KEY = re.compile(r"(?P<kind>[ps])key_(?P<test>test_)?[0-9a-z]+")

#: How a setting that is true or false is written.
SWITCHES = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentSettings:
    """Keys, addresses and limits; secrets do not show in a `repr`.

    Raises:
        InvalidSetting: the keys are not a pair, or a charge is given up while it may be sent.
    """

    public_key: str
    secret_key: str = field(repr=False)
    #: Base64 secrets of the webhook settings; two while one is being replaced.
    webhook_secrets: list[str] = field(default_factory=list, repr=False)
    api_url: str = "https://api.omise.co"
    vault_url: str = "https://vault.omise.co"
    js_url: str = "https://cdn.omise.co/omise.js"
    api_version: str = API_VERSION
    connect_timeout: float = 5
    read_timeout: float = 30
    #: How many connections to Omise and to the database a process may have at once: its threads.
    pool_size: int = 64
    #: Seconds after which a charge that cannot be found at Omise was never made.
    settled_after: float = 180
    #: Seconds after which a charge that still waits at the bank or a wallet is expired.
    pending_timeout: float = 1800
    #: The currency in which sums are printed.
    currency: str = "THB"
    #: Whether a card is charged at once, or authorized and captured later.
    capture: bool = True
    #: How the card is entered: the engine's own form, or Omise's as a pop-up or embedded.
    card_form: Literal["own", "popup", "embedded"] = "own"
    user_agent: str = "omise-storefront"

    def __post_init__(self) -> None:
        modes = {_mode("public_key", self.public_key), _mode("secret_key", self.secret_key)}
        if len(modes) > 1:
            raise InvalidSetting(
                "OMISE_PUBLIC_KEY and OMISE_SECRET_KEY are one of test and one of live mode: "
                "copy both from the same page of the Omise dashboard"
            )
        if self.settled_after <= self.max_call:
            raise _invalid(
                "settled_after",
                f"{self.settled_after:g}",
                f"write more than {self.max_call:g}, which one call may take",
            )

    @property
    def livemode(self) -> bool:
        """Whether real money moves."""
        return _mode("public_key", self.public_key)

    @property
    def max_call(self) -> float:
        """How many seconds one call to Omise takes at most."""
        return max_call(self.connect_timeout, self.read_timeout)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """The settings from `OMISE_*` keys of a Flask configuration or of the environment.

        The environment has text only, so text is converted to the type of the setting.

        Raises:
            InvalidSetting: a key is missing, or a setting can never work; says what to write.
        """
        given: dict[str, Any] = {
            name: _converted(name, value, setting.type)
            for name, setting in cls.__dataclass_fields__.items()
            if (value := _stripped(config.get(f"OMISE_{name.upper()}"))) not in (None, "")
        }
        for name in ("public_key", "secret_key"):
            if name not in given:
                raise InvalidSetting(f"OMISE_{name.upper()} is not set")
        secrets = str(config.get("OMISE_WEBHOOK_SECRET") or "").split(",")
        given["webhook_secrets"] = [secret.strip() for secret in secrets if secret.strip()]
        return cls(**given)


def _mode(name: str, key: str) -> bool:
    """Whether a key is a live one.

    Raises:
        InvalidSetting: it is no key, or the other one of the pair.
    """
    found = KEY.fullmatch(key)
    if found is None or found["kind"] != name[0]:
        raise InvalidSetting(f"OMISE_{name.upper()} must begin with {name[0]}key_")
    return not found["test"]


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _converted(name: str, value: object, kind: Any) -> object:  # noqa: ANN401  # a type, or a Literal
    """A setting in its type.

    Raises:
        InvalidSetting: it cannot be converted.
    """
    if kind is bool:
        choices: Mapping[str, object] = SWITCHES
        fix = "write true or false"
    elif get_origin(kind) is Literal:
        *others, last = get_args(kind)
        choices = dict(zip(get_args(kind), get_args(kind), strict=True))
        fix = f"write {', '.join(others)} or {last}"
    elif kind in (int, float):
        return _number(name, value, kind)
    else:
        return value
    if (word := str(value).lower()) not in choices:
        raise _invalid(name, value, fix)
    return choices[word]


def _number(name: str, value: Any, kind: type[int | float]) -> float:  # noqa: ANN401  # text or a number
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = nan
    if not isfinite(number) or number <= 0 or kind(number) != number:
        what = "a whole number" if kind is int else "a number of seconds"
        raise _invalid(name, value, f"write {what} above 0")
    return kind(number)


def _invalid(name: str, value: object, fix: str) -> InvalidSetting:
    return InvalidSetting(f"OMISE_{name.upper()} is {value}: {fix}")
