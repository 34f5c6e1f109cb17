"""Resolves payments whose outcome is not known yet, from their charges at Omise."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from .account import MerchantAccount
from .charge_search import ChargeSearch
from .charge_sync import ChargeSync
from .clock_jump import CLOCK_SKEW
from .database import UNAVAILABLE
from .errors import OperationNotAllowed, PaymentsUnavailable
from .missing_charges import MissingCharges
from .models import Payment, PaymentAttempt
from .omise import OmiseClient, OmiseError, OmiseRejected
from .repository import PaymentRepository
from .statuses import AttemptStatus
from .submission_deadline import SubmissionDeadline

log = logging.getLogger(__name__)

#: At most one request to Omise per attempt in this interval, however often pages poll.
POLL_INTERVAL = timedelta(seconds=1)

#: How long a page may wait for Omise, and so how long a request for an attempt may last.
PAGE_TIMEOUT = timedelta(seconds=3)


class ChargeResolver:
    """Fetches charges and applies them."""

    def __init__(
        self,
        *,
        repository: PaymentRepository,
        sync: ChargeSync,
        omise: OmiseClient,
        account: MerchantAccount,
        deadline: SubmissionDeadline,
        missing: MissingCharges,
    ) -> None:
        self._repository = repository
        self._sync = sync
        self._omise = omise
        self._account = account
        self._deadline = deadline
        self._missing = missing

    def cancel_pending(self, reference: str) -> Payment:
        """Expire the pending charge so that the shopper can pay another way.

        Raises:
            OperationNotAllowed: no charge is pending; it may be paid by now.
            PaymentsUnavailable: Omise cannot be reached.
        """
        attempt = self._repository.get(reference).unresolved_payment
        if attempt is None or not attempt.charge_id or attempt.status != AttemptStatus.PENDING:
            raise OperationNotAllowed
        try:
            self._sync.apply_charge(self._omise.expire(attempt.charge_id))
        except OmiseRejected:  # it was paid, has expired, or is gone
            self._try_to_resolve(attempt, is_given_up=True)
        except OmiseError as error:
            log.warning("charge_not_expired", extra=_reason(attempt, error))
            raise PaymentsUnavailable from None
        return self._repository.get(reference)

    def payment(self, reference: str) -> Payment | None:
        """The payment; while it is unresolved its charge is fetched, at most once per interval."""
        payment = self._repository.find(reference)
        return self.poll(payment) if payment else None

    def poll(self, payment: Payment) -> Payment:
        """The payment, resolved first if it is unresolved and its interval is over."""
        attempt = payment.unresolved_payment
        try:
            if attempt is None or not self._claim(attempt, POLL_INTERVAL):
                return payment
            self._try_to_resolve(attempt)
        except UNAVAILABLE:
            log.exception("charge_not_recorded", extra={"payment": payment.reference})
        return self._repository.get(payment.reference)

    def handle_return(self, reference: str) -> Payment:
        """The payment after the shopper returned from the bank, resolved from its charge.

        Raises:
            PaymentNotFound: there is no such payment.
        """
        payment = self._repository.get(reference)
        attempt = payment.unresolved_payment
        if attempt is None:
            return payment
        try:
            self._sync.mark_returned(attempt.key)
            if self._claim(attempt, timedelta(0)):
                self._try_to_resolve(attempt)
        except UNAVAILABLE:
            log.exception("charge_not_recorded", extra={"payment": reference})
        return self._repository.get(reference)

    def sync_charge(self, charge_id: str) -> PaymentAttempt | None:
        """Fetch a charge and apply it: its attempt, or None when no attempt here created it.

        Raises:
            OmiseError: it cannot be fetched.
        """
        return self._sync.apply_charge(self._omise.charge(charge_id))

    def search(self, attempts: Iterable[PaymentAttempt]) -> ChargeSearch:
        """List the charges among which those of some attempts are, if they were made.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        began_at = self._deadline.now()
        # After the clock was set back an attempt may seem to begin in the future.
        oldest = min([began_at, *(attempt.created_at for attempt in attempts)])
        return ChargeSearch(self._omise, since=oldest - CLOCK_SKEW, began_at=began_at)

    def resolve_unknown(
        self,
        attempt: PaymentAttempt,
        *,
        is_given_up: bool = False,
        search: ChargeSearch | None = None,
    ) -> None:
        """Resolve an attempt to charge, unless it belongs to another account.

        Args:
            attempt: unresolved.
            is_given_up: the shopper does not want its charge any more.
            search: of several attempts, this one among them.

        Raises:
            OmiseError: the charge cannot be fetched.
        """
        account = self._account.identify()
        if not self._account.owns(attempt.payment):
            return
        if attempt.charge_id:
            self._fetch(attempt, attempt.charge_id, is_given_up=is_given_up)
            return
        search = search or self.search([attempt])
        if charge := search.find(attempt):
            self._sync.apply_charge(charge)
            return
        is_too_late = self._deadline.has_passed(attempt, at=search.began_at)
        if is_too_late and attempt.payment.account in (None, account):
            self._sync.mark_rejected(attempt.key, "never_arrived")

    def _fetch(self, attempt: PaymentAttempt, charge_id: str, *, is_given_up: bool) -> None:
        try:
            charge = self._omise.charge(charge_id)
        except OmiseRejected as error:
            self._missing.close(attempt, error, at_once=is_given_up)
        else:
            self._sync.apply_charge(charge)

    def _claim(self, attempt: PaymentAttempt, interval: timedelta) -> bool:
        return self._sync.claim_poll(attempt.key, interval=interval, lasting=PAGE_TIMEOUT)

    def _try_to_resolve(self, attempt: PaymentAttempt, *, is_given_up: bool = False) -> None:
        """Resolve, or leave it to the worker: the page says that the payment is confirming."""
        try:
            self.resolve_unknown(attempt, is_given_up=is_given_up)
        except OmiseError as error:
            log.warning("charge_not_fetched", extra=_reason(attempt, error))


def _reason(attempt: PaymentAttempt, error: OmiseError) -> dict[str, str]:
    return {"payment": attempt.payment.reference, "reason": str(error)}
