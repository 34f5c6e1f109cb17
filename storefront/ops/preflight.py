"""The doctor: looks for what would go wrong, and says how to mend it.

What must never run does not start at all (settings.py). The doctor looks at the rest, and asks the
database and Omise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from storefront.ops.health import Health
from storefront.payments.methods import CARD
from storefront.payments.omise import Capability, OmiseClient, OmiseError, OmiseRejected
from storefront.settings import FEWEST_CHARACTERS, Settings


class Gravity(StrEnum):
    """How bad a finding is."""

    REFUSE = "refuse"  #: the shop must not run like this
    WARN = "warn"  #: it can, but somebody should know


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and the mend."""

    gravity: Gravity
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Doctor:
    """Examines a shop."""

    settings: Settings
    health: Health
    omise: OmiseClient
    debug: bool

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, in the order in which it should be mended."""
        yield from self.at_the_start()
        yield from self._database()
        yield from self._account()

    def at_the_start(self) -> Iterator[Finding]:
        """What can be seen without asking anybody."""
        yield from self._keys()
        yield from self._secrets()
        yield from self._addresses()
        yield from self._mails()
        yield from self._velocity_limits()

    def _keys(self) -> Iterator[Finding]:
        if self.settings.livemode and self.debug:
            yield _refuse(
                "Live keys with debug on: a mistake would show the program to shoppers",
                "run without --debug and FLASK_DEBUG",
            )

    def _secrets(self) -> Iterator[Finding]:
        if len(set(self.settings.secret_key.get_secret_value())) < FEWEST_CHARACTERS:
            yield _warn(
                "SECRET_KEY is easy to guess, so sessions can be forged",
                "python -c 'import secrets; print(secrets.token_hex(32))'",
            )
        if not self.settings.webhook_secrets:
            yield _warn(
                "OMISE_WEBHOOK_SECRET is missing: webhooks are only taken as hints"
                + (", with real money" if self.settings.livemode else ""),
                "copy the secret from the webhook settings of the Omise dashboard",
            )

    def _addresses(self) -> Iterator[Finding]:
        if not self.settings.over_tls and not self.settings.only_here:
            yield _warn(
                f"PUBLIC_URL is {self.settings.public_url}: cookies and cards need https",
                "put a proxy with TLS in front and set PUBLIC_URL=https://… (docs/going-live.md)",
            )
        if self.settings.over_tls and not self.settings.proxy_hops:
            yield _warn(
                "PROXY_HOPS is 0: behind a proxy every shopper seems to have its address",
                "set PROXY_HOPS to the number of proxies of yours before the shop",
            )

    def _mails(self) -> Iterator[Finding]:
        if not (self.settings.mail_url.get_secret_value() or self.settings.only_here):
            yield _warn(
                "MAIL_URL is missing: receipts are written to MAIL_FOLDER, and reach nobody",
                "set MAIL_URL to your mail server, and MAIL_FROM to the address of the shop",
            )

    def _velocity_limits(self) -> Iterator[Finding]:
        if self.settings.velocity_scale > 1:
            yield (_refuse if self.settings.livemode else _warn)(
                f"VELOCITY_SCALE is {self.settings.velocity_scale}: stolen cards can be tried here",
                "unset VELOCITY_SCALE; it is for load tests only",
            )

    def _database(self) -> Iterator[Finding]:
        try:
            is_behind = self.health.has_pending_migrations()
        except SQLAlchemyError as error:
            yield _refuse(
                f"The database cannot be reached ({type(error).__name__})",
                "check DATABASE_URL, and that the server runs and lets this user in",
            )
            return
        if is_behind:
            yield _refuse("Migrations are pending", "flask --app app migrate")

    def _account(self) -> Iterator[Finding]:
        try:
            capability = self.omise.capability()
        except OmiseRejected as error:
            yield _refuse(
                f"Omise does not take the keys ({error.code})",
                "copy both keys of one mode anew from the Omise dashboard",
            )
        except OmiseError as error:
            yield _warn(f"Omise cannot be asked ({error})", "check the network and OMISE_API_URL")
        else:
            yield from self.about_currency(capability)

    def about_currency(self, capability: Capability) -> Iterator[Finding]:
        """Whether the account can charge in the shop's currency."""
        currency = self.settings.store_currency
        can = capability.currencies.get(CARD, frozenset())
        if currency not in can:
            yield _refuse(
                f"The account cannot charge cards in {currency}",
                f"set STORE_CURRENCY to one of {', '.join(sorted(can)) or 'none'}, or ask Omise",
            )


def _refuse(what: str, mend: str) -> Finding:
    return Finding(Gravity.REFUSE, what, mend)


def _warn(what: str, mend: str) -> Finding:
    return Finding(Gravity.WARN, what, mend)
