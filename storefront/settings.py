"""Settings: read from the environment once, checked together, with every fault named at once."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from storefront import setting_checks
from storefront.payments.methods import CHARGE_LIMITS
from storefront.payments.omise.transport import max_call
from storefront.payments.settings import KEY, PaymentSettings

LANGUAGES = ("en", "th", "ja")

OMISE_API_URL = "https://api.omise.co"

#: A secret that was typed by hand, not generated, has few different characters.
FEWEST_CHARACTERS = 12


class InvalidSettings(Exception):
    """The environment does not describe a shop that can start; says everything that is wrong."""


class Settings(BaseSettings):
    """What differs from one running shop to another. Secrets never show in a `repr`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    omise_public_key: str
    omise_secret_key: SecretStr
    secret_key: SecretStr
    #: Keys that were replaced, separated by commas: what they signed goes on being good.
    secret_key_fallbacks: SecretStr = SecretStr("")
    omise_api_version: str = "2019-05-29"
    omise_api_url: str = OMISE_API_URL
    omise_vault_url: str = "https://vault.omise.co"
    omise_js_url: str = "https://cdn.omise.co/omise.js"
    omise_webhook_secret: SecretStr = SecretStr("")
    omise_connect_timeout: float = Field(default=5, gt=0, le=60)
    omise_read_timeout: float = Field(default=30, gt=0, le=120)
    #: Seconds after which a charge that cannot be found at Omise is known never to have been made.
    omise_settled_after: float = Field(default=180, gt=0)
    #: Seconds after which a charge that still waits at the bank or a wallet is expired.
    omise_pending_timeout: float = Field(default=1800, ge=300, le=604_800)
    database_url: str = "sqlite:///data/shop.db"
    #: How many threads a gunicorn process has; connections to Omise and the database follow it.
    web_threads: int = Field(default=64, ge=1, le=1000)
    port: int = Field(default=5000, ge=1, le=65535)
    #: Names under which the shop answers, besides that of PUBLIC_URL, separated by commas.
    trusted_hosts: str = ""
    #: How many trusted proxies stand in front of the shop and add to X-Forwarded-For and -Proto.
    proxy_hops: int = Field(default=0, ge=0, le=5)
    #: Who may read /metrics from elsewhere brings it as a bearer token.
    metrics_token: SecretStr = SecretStr("")
    #: Where coarse limits are counted; memory counts in each process by itself.
    ratelimit_storage_uri: str = "memory://"
    #: How many POSTs to one route are taken from one network in a minute.
    posts_per_minute: int = Field(default=120, ge=1)
    #: The SMTP server for receipts: smtp://user:password@host:587 (STARTTLS) or smtps://…; without
    #: one, mails are written to the folder instead.
    mail_url: SecretStr = SecretStr("")
    #: Whether mails are sent over TLS only; false is for a mail server on this machine.
    mail_starttls: bool = True
    mail_from: str = "shop@localhost.localdomain"
    mail_folder: Path = Path("data/mail")
    #: Address for mails about disputes; without one they are shown in /admin only.
    staff_email: str = ""
    #: Who sells (shop/merchant.py): an email, an address with commas between its lines, a tax id.
    store_email: str = ""
    store_address: str = ""
    store_tax_id: str = ""
    #: How much one member of staff may refund within 24 hours, in the smallest unit of the
    #: currency, by role; finance has no limit unless one is set.
    support_refund_limit: int = Field(default=500_000, ge=0)
    finance_refund_limit: int | None = Field(default=None, ge=0)
    #: How the card is taken: our own form, or Omise's as a pop-up or embedded.
    card_form: Literal["own", "popup", "embedded"] = "own"
    #: What Omise gets with the card for 3-D Secure, if the checkout has it.
    cardholder_fields: str = "email,phone,address"
    #: Where shoppers reach the shop; return addresses are built on it, never on a Host header.
    public_url: str = Field(default_factory=lambda data: f"http://127.0.0.1:{data['port']}")
    #: Whether to take the money at once, or to have it held and take it later.
    capture: bool = True
    #: By how much the velocity limits are multiplied; more than 1 only for load tests.
    velocity_scale: int = Field(default=1, ge=1)
    store_currency: str = "THB"
    #: The tax that all prices include, in percent. The home of the demo has 7.
    tax_rate: Decimal = Field(
        default_factory=lambda data: Decimal(7 if data["store_currency"] == "THB" else 0),
        ge=0,
        le=100,
        decimal_places=2,
    )
    #: Whether what is sold is delivered; false for a shop that sells nothing physical.
    delivery: bool = True
    store_locale: str = "en"
    #: What a day is in /admin, and how times are shown: a name such as Asia/Bangkok.
    store_timezone: str = Field(default_factory=setting_checks.home_timezone)

    @model_validator(mode="before")
    @classmethod
    def _is_clean(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take white space, quotes and placeholders for what they are: nothing."""
        values = {name: setting_checks.clean(value) for name, value in given.items()}
        return {name: value for name, value in values.items() if value is not None}

    _checks_addresses = field_validator("omise_api_url", "omise_vault_url", "omise_js_url")(
        setting_checks.web_address
    )
    _checks_public_url = field_validator("public_url")(setting_checks.origin)
    _checks_hosts = field_validator("trusted_hosts")(setting_checks.host_names)
    _checks_database = field_validator("database_url")(setting_checks.database)
    _checks_sender = field_validator("mail_from")(setting_checks.mail_address)
    _checks_staff_email = field_validator("staff_email")(setting_checks.optional_mail_address)
    _checks_store_email = field_validator("store_email")(setting_checks.optional_mail_address)
    _checks_timezone = field_validator("store_timezone")(setting_checks.timezone)
    _checks_mail_folder = field_validator("mail_folder")(setting_checks.folder)
    _checks_api_version = field_validator("omise_api_version")(setting_checks.api_version)
    _checks_cardholder = field_validator("cardholder_fields")(setting_checks.cardholder_fields)
    _checks_counters = field_validator("ratelimit_storage_uri")(setting_checks.counter_storage)

    @field_validator("mail_url", "omise_webhook_secret")
    @classmethod
    def _is_a_working_secret(cls, value: SecretStr, field: ValidationInfo) -> SecretStr:
        checks = {
            "mail_url": setting_checks.mail_server,
            "omise_webhook_secret": setting_checks.webhook_secrets,
        }
        if secret := value.get_secret_value():
            checks[str(field.field_name)](secret)
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError(
                "is too short to sign sessions; make one with: "
                "python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return value

    @field_validator("store_locale")
    @classmethod
    def _is_spoken(cls, value: str) -> str:
        if value.lower() not in LANGUAGES:
            raise ValueError(f"is {value!r}; the shop speaks {', '.join(LANGUAGES)}")
        return value.lower()

    @field_validator("store_currency")
    @classmethod
    def _is_sold_in(cls, value: str) -> str:
        if value.upper() not in CHARGE_LIMITS:
            raise ValueError(f"is {value!r}; the shop sells in {', '.join(CHARGE_LIMITS)}")
        return value.upper()

    @model_validator(mode="after")
    def _keys_belong_together(self) -> Self:
        public = KEY.fullmatch(self.omise_public_key)
        secret = KEY.fullmatch(self.omise_secret_key.get_secret_value())
        if public is None or secret is None:
            raise ValueError("OMISE_PUBLIC_KEY begins with pkey_ and OMISE_SECRET_KEY with skey_")
        if (public["kind"], secret["kind"]) != ("p", "s"):
            raise ValueError(
                "OMISE_PUBLIC_KEY and OMISE_SECRET_KEY are swapped; "
                "the secret key (skey_…) must never reach a browser"
            )
        if public["test"] != secret["test"]:
            raise ValueError("OMISE_PUBLIC_KEY and OMISE_SECRET_KEY mix test and live; use a pair")
        return self

    @model_validator(mode="after")
    def _is_fit_for_real_money(self) -> Self:
        if not self.livemode:
            return self
        if not self.over_tls:
            raise ValueError("PUBLIC_URL must begin with https:// with live keys")
        for url in (self.omise_api_url, self.omise_vault_url, self.omise_js_url):
            if not url.startswith("https://"):
                raise ValueError("OMISE_API_URL, OMISE_VAULT_URL and OMISE_JS_URL need https://")
        if len(set(self.secret_key.get_secret_value())) < FEWEST_CHARACTERS:
            raise ValueError(
                "SECRET_KEY is easy to guess; make one with: "
                "python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return self

    @model_validator(mode="after")
    def _waits_long_enough(self) -> Self:
        longest = max_call(self.omise_connect_timeout, self.omise_read_timeout)
        if self.omise_settled_after <= longest:
            raise ValueError(
                f"OMISE_SETTLED_AFTER must be more than {longest:g}, which one call may take"
            )
        return self

    @property
    def webhook_secrets(self) -> list[str]:
        """The webhook secrets: one, or two separated by a comma while it is being replaced."""
        return setting_checks.split(self.omise_webhook_secret.get_secret_value())

    @property
    def old_secret_keys(self) -> list[str]:
        """The keys that SECRET_KEY replaced."""
        return setting_checks.split(self.secret_key_fallbacks.get_secret_value())

    @property
    def livemode(self) -> bool:
        """Whether real money moves."""
        return "_test_" not in self.omise_public_key

    @property
    def inspector_url(self) -> str | None:
        """The inspector of the sandbox that takes Omise's place; None at Omise itself."""
        if self.omise_api_url == OMISE_API_URL:
            return None
        return f"{self.omise_api_url}/_sandbox/"

    @property
    def hosts(self) -> list[str]:
        """The names under which the shop answers; it can always be asked on its own machine."""
        own = urlsplit(self.public_url).hostname or ""
        return [own, "127.0.0.1", "localhost", *setting_checks.split(self.trusted_hosts)]

    @property
    def only_here(self) -> bool:
        """Whether the shop is reached from this machine alone."""
        return urlsplit(self.public_url).hostname in {"127.0.0.1", "localhost"}

    @property
    def over_tls(self) -> bool:
        """Whether shoppers reach the shop over https, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def timezone(self) -> ZoneInfo:
        """The time zone of the shop."""
        return ZoneInfo(self.store_timezone)

    @property
    def tax_basis_points(self) -> int:
        """The tax that all prices include, in hundredths of a percent."""
        return int(self.tax_rate * 100)

    @property
    def payments(self) -> PaymentSettings:
        """The settings of the payment engine."""
        return PaymentSettings(
            public_key=self.omise_public_key,
            secret_key=self.omise_secret_key.get_secret_value(),
            webhook_secrets=self.webhook_secrets,
            api_url=self.omise_api_url,
            vault_url=self.omise_vault_url,
            js_url=self.omise_js_url,
            api_version=self.omise_api_version,
            connect_timeout=self.omise_connect_timeout,
            read_timeout=self.omise_read_timeout,
            pool_size=self.web_threads,
            settled_after=self.omise_settled_after,
            pending_timeout=self.omise_pending_timeout,
            currency=self.store_currency,
            capture=self.capture,
            card_form=self.card_form,
        )

    @property
    def sqlite_file(self) -> Path | None:
        """The database file, when the database is one."""
        prefix = "sqlite:///"
        if self.database_url.startswith(prefix):
            return Path(self.database_url.removeprefix(prefix))
        return None

    @classmethod
    def from_env(cls, **overrides: object) -> "Settings":
        """The settings of this process.

        Raises:
            InvalidSettings: with one line for each setting that is missing or malformed.
        """
        try:
            return cls(**overrides)  # type: ignore[arg-type]  # pydantic checks what the types cannot
        except ValidationError as error:
            raise InvalidSettings(setting_checks.explain(error)) from None
