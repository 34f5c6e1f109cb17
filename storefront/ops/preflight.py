"""Preflight checks: finds faults of the configuration, and says how to fix each.

Settings that can never work stop the shop at once (settings.py). These checks find the rest; some
ask the database and Omise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from storefront.ops.health import Health
from storefront.payments.methods import CARD
from storefront.payments.omise import Capability, OmiseClient, OmiseError, OmiseRejected
from storefront.settings import FEWEST_CHARACTERS, Settings


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"  #: the shop must not run like this
    WARNING = "warning"  #: the shop runs, with a risk


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the configuration, and its fix."""

    severity: Severity
    problem: str
    fix: str


@dataclass(frozen=True, slots=True)
class Preflight:
    """Checks the configuration of a shop."""

    settings: Settings
    health: Health
    omise: OmiseClient
    debug: bool

    def findings(self) -> Iterator[Finding]:
        """Every finding, in the order in which to fix them."""
        yield from self.offline_findings()
        yield from self._database()
        yield from self._account()

    def offline_findings(self) -> Iterator[Finding]:
        """The findings that need neither the database nor Omise."""
        yield from self._keys()
        yield from self._secrets()
        yield from self._urls()
        yield from self._mails()
        yield from self._velocity_limits()

    def _keys(self) -> Iterator[Finding]:
        if self.settings.livemode and self.debug:
            yield _error(
                "Live keys with debug mode on: an error page would show code to shoppers",
                "run without --debug and FLASK_DEBUG",
            )

    def _secrets(self) -> Iterator[Finding]:
        if len(set(self.settings.secret_key.get_secret_value())) < FEWEST_CHARACTERS:
            yield _warning(
                "SECRET_KEY is easy to guess, so sessions can be forged",
                "python -c 'import secrets; print(secrets.token_hex(32))'",
            )
        if not self.settings.webhook_secrets:
            yield _warning(
                "OMISE_WEBHOOK_SECRET is missing: webhooks are only taken as hints"
                + (", with real money" if self.settings.livemode else ""),
                "copy the secret from the webhook settings of the Omise dashboard",
            )

    def _urls(self) -> Iterator[Finding]:
        if not self.settings.over_tls and not self.settings.only_here:
            yield _warning(
                f"PUBLIC_URL is {self.settings.public_url}: cookies and cards need https",
                "put a proxy with TLS in front and set PUBLIC_URL=https://… (docs/going-live.md)",
            )
        is_public = self.settings.over_tls or not self.settings.only_here
        if is_public and not self.settings.proxy_hops:
            yield _warning(
                "PROXY_HOPS is 0: without a proxy slow clients take all threads of gunicorn, and "
                "behind one every shopper seems to have its address",
                "put a proxy that buffers requests in front (docs/going-live.md), and set "
                "PROXY_HOPS to the number of your own proxies",
            )

    def _mails(self) -> Iterator[Finding]:
        if not (self.settings.mail_url.get_secret_value() or self.settings.only_here):
            yield _warning(
                "MAIL_URL is missing: receipts are written to MAIL_FOLDER and not sent",
                "set MAIL_URL to your mail server, and MAIL_FROM to the address of the shop",
            )

        if not self.settings.mail_starttls:
            yield _warning(
                "MAIL_STARTTLS is false: mails with links to orders and accounts can be read on "
                "their way",
                "unset MAIL_STARTTLS; it is for a mail server on this machine only",
            )

    def _velocity_limits(self) -> Iterator[Finding]:
        if self.settings.velocity_scale > 1:
            yield (_error if self.settings.livemode else _warning)(
                f"VELOCITY_SCALE is {self.settings.velocity_scale}: stolen cards can be tested",
                "unset VELOCITY_SCALE; it is for load tests only",
            )

    def unreachable_database(self) -> Iterator[Finding]:
        """Whether the database cannot be used at all."""
        try:
            self.health.has_pending_migrations()
        except SQLAlchemyError as error:
            yield _unreachable(error)

    def _database(self) -> Iterator[Finding]:
        try:
            if self.health.has_pending_migrations():
                yield _error("Migrations are pending", "flask --app app migrate")
        except SQLAlchemyError as error:
            yield _unreachable(error)

    def _account(self) -> Iterator[Finding]:
        try:
            capability = self.omise.capability()
        except OmiseRejected as error:
            yield _error(
                f"Omise rejects the keys ({error.code})",
                "copy both keys of one mode from the Omise dashboard",
            )
        except OmiseError as error:
            yield _warning(
                f"Omise cannot be reached ({error})", "check the network and OMISE_API_URL"
            )
        else:
            yield from self.currency_findings(capability)

    def currency_findings(self, capability: Capability) -> Iterator[Finding]:
        """Whether the Omise account can charge cards in the shop's currency."""
        currency = self.settings.store_currency
        accepted = capability.currencies.get(CARD, frozenset())
        if currency not in accepted:
            choices = ", ".join(sorted(accepted)) or "none"
            yield _error(
                f"The account cannot charge cards in {currency}",
                f"set STORE_CURRENCY to one of {choices}, or ask Omise",
            )


def _error(problem: str, fix: str) -> Finding:
    return Finding(Severity.ERROR, problem, fix)


def _unreachable(error: SQLAlchemyError) -> Finding:
    return _error(
        f"The database cannot be reached ({type(error).__name__})",
        "check DATABASE_URL, and that the server runs and accepts this user",
    )


def _warning(problem: str, fix: str) -> Finding:
    return Finding(Severity.WARNING, problem, fix)
