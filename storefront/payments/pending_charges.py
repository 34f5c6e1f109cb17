"""Ends charges that wait for the shopper at the bank for too long.

A charge of a card stays pending at Omise for a week, and the host reserves stock for it meanwhile.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .account import MerchantAccount
from .charge_sync import ChargeSync
from .methods import METHODS, SOURCE, MethodKind
from .models import PaymentAttempt
from .omise import OmiseClient, OmiseError, OmiseRejected
from .statuses import AttemptStatus

log = logging.getLogger(__name__)

#: How long after Omise did not expire a charge it is asked again.
RETRY_INTERVAL = timedelta(minutes=15)

#: The shopper finishes these on another page, which itself ends after minutes. A code to scan and a
#: number to pay with have a time of their own.
AT_ANOTHER_PAGE = frozenset({MethodKind.CARD, MethodKind.REDIRECT})

#: The methods whose pending charges are expired.
TIMED_METHODS = frozenset(
    name
    for name, method in METHODS.items()
    if method.kind in AT_ANOTHER_PAGE and not method.expires_after
)


class ChargeNotExpired(OmiseRejected):
    """Omise refuses to expire a charge that is still pending; it is asked again later."""

    def __str__(self) -> str:
        """What Omise answered."""
        return f"{self.status} {self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class PendingCharges:
    """Expires pending charges at Omise, which decides: a charge that is paid stays paid."""

    omise: OmiseClient
    sync: ChargeSync
    account: MerchantAccount
    timeout: timedelta
    now: Callable[[], datetime]

    def times_out_at(self, attempt: PaymentAttempt) -> datetime | None:
        """When a pending charge is expired; None for one that ends otherwise."""
        if not (attempt.method in TIMED_METHODS or _is_source_at_another_page(attempt)):
            return None
        is_pending = attempt.status == AttemptStatus.PENDING and attempt.charge_id is not None
        return attempt.created_at + self.timeout if is_pending else None

    def next_look(self, attempt: PaymentAttempt) -> datetime | None:
        """When the worker must look at a pending charge at last; None if there is no such time."""
        at = self.times_out_at(attempt)
        if at is None:
            return None
        return at if at > self.now() else self.now() + RETRY_INTERVAL

    def expire_overdue(self, attempt: PaymentAttempt) -> None:
        """Expire a charge whose time has passed, if Omise said just now that it is pending.

        Raises:
            ChargeNotExpired: Omise refuses.
            OmiseError: Omise did not answer; the attempt stays as it is.
        """
        at = self.times_out_at(attempt)
        if at and at <= self.now() and self.account.owns(attempt.payment):
            self.expire(attempt)

    def expire(self, attempt: PaymentAttempt) -> None:
        """Expire the charge of an attempt, or apply what became of it in the same moment.

        Raises:
            ChargeNotExpired: Omise refuses, and the charge is still pending.
            OmiseError: Omise did not answer; the attempt stays as it is.
        """
        charge_id = attempt.charge_id or ""
        try:
            charge = self.omise.expire(charge_id)
        except OmiseRejected as error:
            charge = self.omise.charge(charge_id)
            if charge.status == "pending":
                _report(attempt, error)
                raise ChargeNotExpired(error.status, error.code, error.message) from error
        except OmiseError as error:
            _report(attempt, error)
            raise
        self.sync.apply_charge(charge)


def _is_source_at_another_page(attempt: PaymentAttempt) -> bool:
    """Whether a source that Omise.js created waits at another page, and has no code to pay with."""
    has_code = attempt.qr_uri or attempt.payment_code
    return attempt.method == SOURCE and attempt.authorize_uri is not None and not has_code


def _report(attempt: PaymentAttempt, error: OmiseError) -> None:
    about = {"payment": attempt.payment.reference, "charge": attempt.charge_id}
    log.error("charge_not_expired", extra={**about, "reason": str(error)})
