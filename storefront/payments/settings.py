"""The settings of the engine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from .errors import InvalidSetting
from .omise.client import API_VERSION
from .omise.transport import max_call

#: Omise's keys say which they are and to which mode they belong (docs.omise.co/api-authentication).
KEY = re.compile(r"(?P<kind>[ps])key_(?P<test>test_)?[0-9A-Za-z]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentSettings:
    """Keys, addresses and limits; secrets do not show in a `repr`.

    Raises:
        InvalidSetting: the keys are not a pair.
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
    card_form: str = "own"
    user_agent: str = "omise-storefront"

    def __post_init__(self) -> None:
        modes = {_mode("public_key", self.public_key), _mode("secret_key", self.secret_key)}
        if len(modes) > 1:
            raise InvalidSetting(
                "OMISE_PUBLIC_KEY and OMISE_SECRET_KEY are one of test and one of live mode: "
                "copy both from the same page of the Omise dashboard"
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

        Raises:
            InvalidSetting: a key is missing, or the keys are not a pair.
        """
        given = {
            name: config[f"OMISE_{name.upper()}"]
            for name in cls.__dataclass_fields__
            if config.get(f"OMISE_{name.upper()}") not in (None, "")
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
