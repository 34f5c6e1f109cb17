"""Velocity limits: a payer whose attempts keep failing has to wait, longer each time.

Card testing tries stolen card numbers at shops, a thousand an hour, to learn which ones still work.
So failed payments are counted by payer identifier, and so are failed logins and sign-ups. The
counts are in the database, so that all processes share them. A thousand concurrent actions get no
further than one after the other: an action counts as failed from its start, but a payment waits for
those under way instead of being refused, since most of them succeed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.engine import Connection

from storefront.errors import PaymentsUnderWay, TooManyAttempts
from storefront.fraud.models import AttemptPayer, RateLimitedAction
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.fraud.velocity_limits import (
    ALL_PAYERS,
    ALWAYS_COUNTED,
    LIMITS,
    MINUTE,
    PAYMENT,
    RETENTION,
    RETRY_AFTER,
    SHARED,
    UNDER_ATTACK,
    Limit,
)
from storefront.fraud.velocity_queries import (
    BLOCKED_CARDS,
    Failures,
    count_failed_cards,
    count_failures,
)
from storefront.payments.database import Database
from storefront.payments.host import CardFingerprintRequired, PaymentRequest
from storefront.payments.methods import CARD
from storefront.payments.models import PaymentAttempt
from storefront.payments.prepared import Prepared

log = structlog.get_logger()

_PAYERS = AttemptPayer.core()
_INSERT_PAYER = Prepared.insert(_PAYERS, [column.name for column in _PAYERS.columns])


class VelocityLimiter:
    """Counts failures, and makes payers wait.

    Args:
        database: where payment attempts and rate-limited actions are.
        now: the clock.
        scale: multiplies all limits; more than 1 only for load tests.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime], scale: int = 1) -> None:
        self._database = database
        self._now = now
        self._limits = {
            action: {
                name: limit._replace(allowed=limit.allowed * scale)
                for name, limit in limits.items()
            }
            for action, limits in LIMITS.items()
        }

    def check(
        self,
        connection: Connection,
        action: str,
        identifiers: PayerIdentifiers,
        *,
        fingerprint_requested: bool = True,
    ) -> None:
        """Raise if this payer must wait before trying again.

        Args:
            connection: the transaction in which the action is recorded; concurrent actions of
                the same payer wait until it ends.
            action: a key of `LIMITS`.
            identifiers: of the payer.
            fingerprint_requested: whether Omise was asked for the card's fingerprint, even if it
                gave none.

        Raises:
            TooManyAttempts: if the payer must wait.
            PaymentsUnderWay: if the payer must wait unless those under way succeed.
            CardFingerprintRequired: if cards are blocked and the fingerprint was not requested.
        """
        values = {**identifiers.of_payer(), "card": identifiers.card}
        self._database.advisory_lock(
            connection, [f"{n} {value}" for n, value in values.items() if value]
        )
        windows = {name: limit.window for name, limit in self._limits[action].items()}
        failures = count_failures(
            connection,
            action,
            values,
            since={name: self._now() - window for name, window in windows.items()},
            until=self._now() + MINUTE,  # by the clocks of other machines
            blocked_after=self._limits[PAYMENT]["card"].allowed,
        )
        limits = self._limits_of(action, identifiers, failures)
        for name, limit in limits.items():
            failed = failures[name]
            pause = limit.pause_after(failed.count)
            since = failed.last_at or self._now()
            if pause and (wait := since + pause - self._now()) > timedelta(0):
                log.warning("velocity_limit_reached", action=action, by=name, failures=failed.count)
                raise TooManyAttempts(wait)
        self._check_under_way(limits, failures)
        if BLOCKED_CARDS in failures and not fingerprint_requested:
            raise CardFingerprintRequired

    def _limits_of(
        self, action: str, identifiers: PayerIdentifiers, failures: dict[str, Failures]
    ) -> dict[str, Limit]:
        """The limits that this payer may have reached."""
        limits = dict(self._limits[action])
        everyone = limits.pop(ALL_PAYERS, None)
        if everyone and ALL_PAYERS in failures:
            if not identifiers.network:
                limits[ALL_PAYERS] = everyone
            elif failures[ALL_PAYERS].count >= everyone.allowed:
                limits["network"] = UNDER_ATTACK
        return {
            name: limit
            for name, limit in limits.items()
            if name in failures
            and (name == ALL_PAYERS or getattr(identifiers, name))
            and not (identifiers.is_known and name in SHARED)
        }

    def _check_under_way(self, limits: dict[str, Limit], failures: dict[str, Failures]) -> None:
        """Raise if a limit is reached as soon as all payments under way fail.

        Raises:
            PaymentsUnderWay: if so.
        """
        for name, limit in limits.items():
            failed = failures[name]
            if failed.under_way and failed.total >= limit.allowed:
                log.info("payments_under_way", by=name, count=failed.under_way)
                raise PaymentsUnderWay(RETRY_AFTER)
        everyone = self._limits[PAYMENT][ALL_PAYERS].allowed
        overall = failures.get(ALL_PAYERS, Failures())
        if (
            "network" in limits
            and overall.count < everyone <= overall.count + overall.under_way // 2
        ):
            log.info("payments_under_way", by=ALL_PAYERS, count=overall.under_way)
            raise PaymentsUnderWay(RETRY_AFTER)

    def check_attempt(
        self, connection: Connection, attempt: PaymentAttempt, request: PaymentRequest
    ) -> None:
        """Check and record the payer of a payment attempt: the attempt policy of the shop.

        Raises:
            TooManyAttempts: if the payer must wait.
            CardFingerprintRequired: if cards are blocked and the fingerprint was not requested.
        """
        payer = request.context if isinstance(request.context, PayerIdentifiers) else None
        identifiers = replace(payer or PayerIdentifiers(), card=request.card_fingerprint)
        if attempt.method == CARD:
            self.check(
                connection,
                PAYMENT,
                identifiers,
                fingerprint_requested=request.is_fingerprinted,
            )
        row = {"attempt_key": attempt.key, "created_at": self._now(), **identifiers.of_payer()}
        _INSERT_PAYER.run(connection, row)

    @contextmanager
    def limit(self, action: str, identifiers: PayerIdentifiers) -> Iterator[None]:
        """Rate-limit a non-payment action; counts as failed until it succeeds.

        Raises:
            TooManyAttempts: if the payer must wait.
        """
        row = self._failed(action, identifiers)
        with self._database.write_session() as session:
            self.check(session.connection(), action, identifiers)
            self._purge(session.connection())
            session.add(row)
        yield
        if action not in ALWAYS_COUNTED:
            succeeded = update(RateLimitedAction).where(RateLimitedAction.id == row.id)
            with self._database.write_session() as session:
                session.execute(succeeded.values(failed=False))

    def penalize(self, action: str, identifiers: PayerIdentifiers, failures: int) -> None:
        """Count further failures for an action that weighs more than one."""
        with self._database.write_session() as session:
            session.add_all([self._failed(action, identifiers) for _ in range(failures)])

    def failed_cards(self, *, since: datetime) -> int:
        """How many payments by card failed since then, for a metric."""
        with self._database.connect() as connection:
            return count_failed_cards(connection, since)

    def _purge(self, connection: Connection) -> None:
        """Delete actions and payers that are too old to count."""
        oldest = self._now() - RETENTION
        for table in (RateLimitedAction.core(), AttemptPayer.core()):
            self._database.purge(connection, table, table.c.created_at <= oldest)

    def _failed(self, action: str, identifiers: PayerIdentifiers) -> RateLimitedAction:
        return RateLimitedAction(
            action=action, created_at=self._now(), failed=True, **identifiers.of_payer()
        )
