"""Capture, void and refund: what a merchant does with money that is authorized or captured.

Each is an attempt like a charge: committed before the call, unique while unresolved, resolved when
the answer is lost. Whether it happened is read from the charge.
"""

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from . import outbox
from .account import MerchantAccount
from .charge_comparison import contradictions
from .charge_sync import ChargeSync
from .database import Database
from .errors import (
    OperationAmountInvalid,
    OperationInProgress,
    OperationNotAllowed,
    PaymentDisputed,
    PaymentNotFound,
    PaymentsUnavailable,
)
from .missing_charges import MissingCharges
from .models import Payment, PaymentAttempt
from .omise import OmiseClient, OmiseError, OmiseRejected, OmiseUnknown, OmiseUnreadable
from .operation_outcome import funded_charge_id, has_happened, refund_id_of
from .pending_charges import PendingCharges
from .repository import PaymentRepository
from .service import RESOLVE_DELAY
from .statuses import UNDECIDED, OperationType
from .submission_deadline import SubmissionDeadline
from .task_models import TaskKind

log = logging.getLogger(__name__)

#: The failure code of an attempt that was closed by hand.
CLOSED_BY_STAFF = "closed_by_staff"


def new_idempotency_key() -> str:
    """A key for a form, so that sending the form twice does one operation."""
    return secrets.token_hex(16)


class PaymentOperations:
    """The operations on a payment.

    Each returns the attempt in its new status. The same idempotency key returns the same
    attempt. Amounts are in the smallest unit of the payment's currency.

    Raises:
        PaymentNotFound: there is no such payment.
        OperationInProgress: another attempt is unresolved.
        OperationNotAllowed: the payment's status does not allow it.
        OperationAmountInvalid: more than can be captured or refunded.
        PaymentDisputed: a refund while the bank decides on a dispute.
    """

    def __init__(
        self,
        *,
        database: Database,
        repository: PaymentRepository,
        sync: ChargeSync,
        omise: OmiseClient,
        account: MerchantAccount,
        deadline: SubmissionDeadline,
        missing: MissingCharges,
        pending: PendingCharges,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._sync = sync
        self._omise = omise
        self._account = account
        self._deadline = deadline
        self._missing = missing
        self._pending = pending
        self._now = now

    def capture(self, reference: str, *, amount: int, idempotency_key: str) -> PaymentAttempt:
        """Capture an authorized payment: all of it, or a part where Omise allows that."""
        return self._run(reference, OperationType.CAPTURE, amount, idempotency_key)

    def void(self, reference: str, *, idempotency_key: str) -> PaymentAttempt:
        """Release all of an authorized payment."""
        amount = self._repository.get(reference).amount
        return self._run(reference, OperationType.VOID, amount, idempotency_key)

    def refund(
        self, reference: str, *, amount: int, idempotency_key: str, reason: str = ""
    ) -> PaymentAttempt:
        """Refund captured money, never more than is left of it."""
        return self._run(reference, OperationType.REFUND, amount, idempotency_key, reason or None)

    def _run(
        self,
        reference: str,
        operation: OperationType,
        amount: int,
        key: str,
        reason: str | None = None,
    ) -> PaymentAttempt:
        attempt, created = self._open_once_more(reference, operation, amount, key, reason)
        if created:
            self._send(attempt)
        return self._repository.find_attempt(key) or attempt

    def _open_once_more(
        self,
        reference: str,
        operation: OperationType,
        amount: int,
        key: str,
        reason: str | None,
    ) -> tuple[PaymentAttempt, bool]:
        try:
            return self._open(reference, operation, amount, key, reason)
        except IntegrityError:  # another request was faster; what it wrote can be read now
            return self._open(reference, operation, amount, key, reason)

    def _open(
        self,
        reference: str,
        operation: OperationType,
        amount: int,
        key: str,
        reason: str | None,
    ) -> tuple[PaymentAttempt, bool]:
        """The attempt with that key, and whether it was opened now."""
        with self._database.transaction() as connection:
            payment = self._repository.lock_by_reference(connection, reference)
            if payment is None:
                raise PaymentNotFound(reference)
            if existing := payment.attempt(key):
                return existing, False
            self._check(connection, payment, operation, amount, key)
            attempt = PaymentAttempt(
                payment=payment,
                key=key,
                type=operation,
                amount=amount,
                currency=payment.currency,
                reason=reason,
                created_at=self._now(),
            )
            payment.attempts.append(attempt)
            self._repository.save(connection, payment, attempt)
            due_at = attempt.created_at + RESOLVE_DELAY
            outbox.schedule_new(connection, TaskKind.RESOLVE_ATTEMPT, key, due_at=due_at)
        return attempt, True

    def _check(
        self,
        connection: Connection,
        payment: Payment,
        operation: OperationType,
        amount: int,
        key: str,
    ) -> None:
        if self._repository.has_attempt(connection, key):
            raise OperationNotAllowed  # the key of another payment's form
        if payment.unresolved_attempt:
            raise OperationInProgress
        if operation == OperationType.REFUND and payment.is_disputed:
            raise PaymentDisputed
        if not payment.can(operation) or not self._account.owns(payment):
            raise OperationNotAllowed
        maximum = payment.refundable if operation == OperationType.REFUND else payment.total
        if not 0 < amount <= maximum.amount:
            raise OperationAmountInvalid(maximum)

    def _send(self, attempt: PaymentAttempt) -> None:
        """Ask Omise for the operation, then read from the charge whether it happened."""
        rejection = None
        try:
            self._request(attempt)
        except OmiseUnknown:
            self._sync.mark_unknown(attempt.key)
        except OmiseRejected as error:  # perhaps because it was done already
            rejection = error.code
        except OmiseError:
            self._sync.mark_rejected(attempt.key, "unreachable")
            return
        try:
            self.resolve_unknown(attempt, rejection=rejection)
        except OmiseError as error:  # the worker asks again
            extra = {"payment": attempt.payment.reference, "reason": str(error)}
            log.warning("operation_not_resolved", extra=extra)

    def _request(self, attempt: PaymentAttempt) -> None:
        charge_id = funded_charge_id(attempt.payment)
        self._deadline.check(attempt)
        match attempt.type:
            case OperationType.CAPTURE:
                is_partial = attempt.amount < attempt.payment.amount
                self._omise.capture(charge_id, amount=attempt.amount if is_partial else None)
            case OperationType.VOID:
                self._omise.reverse(charge_id)
            case OperationType.REFUND:
                metadata = {"attempt": attempt.key}
                self._omise.refund(charge_id, amount=attempt.amount, metadata=metadata)

    def resolve_unknown(self, attempt: PaymentAttempt, *, rejection: str | None = None) -> None:
        """Find out whether a capture, void or refund happened, unless other keys made the charge.

        Args:
            attempt: unresolved.
            rejection: Omise's code, when it rejected the operation.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        self._account.identify()
        if not self._account.owns(attempt.payment):
            return
        may_arrive = not self._deadline.has_passed(attempt)  # asked before the search, not after
        try:
            charge = self._omise.charge(funded_charge_id(attempt.payment))
        except OmiseRejected as error:
            self._missing.close(attempt, error)
            return
        found = self._sync.apply_charge(charge)
        if found is None or contradictions(found, charge):  # it says nothing that can be believed
            return
        refund_id = refund_id_of(attempt, charge)
        if refund_id or has_happened(attempt, charge):
            self._sync.mark_succeeded(attempt.key, refund_id=refund_id)
        elif rejection or not may_arrive:
            self._sync.mark_rejected(attempt.key, rejection or "never_arrived")

    def close_unresolved(self, reference: str) -> PaymentAttempt:
        """Close the unresolved attempt of a payment because a person decided so.

        A pending charge is expired at Omise first if it can be. Any other request must have had the
        time to arrive, and a capture, void or refund is looked for a last time: what had happened
        after all could be done again otherwise. A charge that is found later is applied or
        refunded.

        Raises:
            PaymentNotFound: there is no such payment.
            OperationNotAllowed: no attempt is unresolved.
            OperationInProgress: the request may still arrive.
            PaymentsUnavailable: Omise cannot be asked now whether the operation happened.
        """
        payment = self._repository.get(reference)
        attempt = payment.unresolved_attempt
        if attempt is None:
            raise OperationNotAllowed
        if attempt.charge_id:
            if self._account.owns(payment):
                with suppress(OmiseError):  # it is logged
                    self._pending.expire(attempt)
        elif not self._deadline.has_passed(attempt):
            raise OperationInProgress
        elif attempt.type != OperationType.CHARGE:
            self._look_a_last_time(attempt)
        attempt = self._repository.find_attempt(attempt.key) or attempt
        if not attempt.is_unresolved:
            return attempt
        log.warning("attempt_closed", extra={"payment": reference, "attempt": attempt.key})
        return self._sync.mark_rejected(attempt.key, CLOSED_BY_STAFF, is_missing=True)

    def _look_a_last_time(self, attempt: PaymentAttempt) -> None:
        """Resolve an operation unless Omise's answer says nothing, now and later."""
        try:
            self.resolve_unknown(attempt)
        except (OmiseUnreadable, OmiseRejected) as error:
            extra = {"payment": attempt.payment.reference, "reason": str(error)}
            log.warning("operation_not_resolved", extra=extra)
        except OmiseError as error:
            raise PaymentsUnavailable from error

    def refund_surplus(self, attempt: PaymentAttempt) -> bool:
        """Return the money of a surplus charge: whether nothing of it is left.

        While the cardholder disputes it, it waits for the decision of the bank.

        Raises:
            OmiseError: Omise rejects it or cannot be asked; the task is retried.
        """
        charge = self._omise.charge(attempt.charge_id or "")
        found = self._sync.apply_charge(charge) or attempt
        if found.dispute_status in UNDECIDED:
            return False
        if charge.reversible:
            charge = self._omise.reverse(charge.id)
        elif charge.paid and found.kept_amount:
            metadata = {"surplus": attempt.key}
            self._omise.refund(charge.id, amount=found.kept_amount, metadata=metadata)
            charge = self._omise.charge(charge.id)
        found = self._sync.apply_charge(charge) or found
        return charge.status != "successful" or not found.kept_amount
