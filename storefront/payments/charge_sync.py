"""Applies Omise's responses to attempts and payments.

`apply_charge` is the only place where a charge changes the status of a payment: the response to a
charge, the return from the bank, the webhook, the polling page, the worker and the reconciliation
all end there. Each method is one transaction under the lock of the payment's row.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.engine import Connection

from . import outbox, tables
from .charge_comparison import attempt_key, contradictions, copy_charge, copy_dispute, is_stale
from .database import Database
from .disputes import record_dispute
from .errors import CardNotFound, PaymentsUnavailable
from .follow_up import schedule_follow_up, state_of
from .host import Hooks
from .models import Payment, PaymentAttempt
from .notifications import Notifier
from .omise import Charge
from .repository import PaymentRepository
from .saved_cards import SavedCards
from .statuses import (
    ABANDONED,
    FUNDED,
    IN_PROGRESS,
    AttemptStatus,
    OperationType,
    PaymentStatus,
    attempt_status_for,
    payment_status_for,
)
from .task_models import TaskKind

log = logging.getLogger(__name__)


class ChargeSync:
    """Records the outcome of attempts."""

    def __init__(
        self,
        database: Database,
        repository: PaymentRepository,
        hooks: Hooks,
        notifier: Notifier,
        saved_cards: SavedCards,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._hooks = hooks
        self._notifier = notifier
        self._saved_cards = saved_cards
        self._now = now

    # A charge that was just read from Omise

    def apply_charge(self, charge: Charge) -> PaymentAttempt | None:
        """Apply a freshly fetched charge; delete the card it saved if it was declined.

        A stale charge changes nothing. A charge that contradicts its attempt in amount, currency,
        mode or reference, or that cannot be true, changes nothing and is logged as an error.

        Returns:
            The attempt that created the charge; None when no attempt of this database did.
        """
        with self._database.transaction() as connection:
            attempt = self._attempt_of(connection, charge)
            if attempt is None:
                return None
            if problems := contradictions(attempt, charge):
                about = {**_about(attempt), "charge": charge.id, "problems": problems}
                log.error("charge_contradicts_attempt", extra=about)
                return attempt
            if not is_stale(attempt, charge):
                self._record(connection, attempt, charge)
        self._notifier.notify_now(attempt.payment.reference)
        if attempt.status == AttemptStatus.DECLINED and attempt.saved_card_id:
            self.delete_saved_card(attempt, charge.customer_id)
        return attempt

    def _attempt_of(self, connection: Connection, charge: Charge) -> PaymentAttempt | None:
        """The attempt that created the charge: by its id, else by the key in its metadata.

        The id comes first, because others may rewrite the metadata of a charge.
        """
        key = attempt_key(charge)
        payment = self._repository.lock_by_charge(connection, charge.id, key)
        if payment is None:
            return None
        by_id = next((a for a in payment.attempts if a.charge_id == charge.id), None)
        return by_id or next((a for a in payment.attempts if _may_have_created(a, key)), None)

    def _record(self, connection: Connection, attempt: PaymentAttempt, charge: Charge) -> None:
        payment, status = attempt.payment, self._status_after(connection, attempt, charge)
        if status is None:
            log.warning("stray_charge", extra=_about(attempt))
            return
        was_unresolved, refunded = attempt.is_unresolved, attempt.refunded_amount
        before = state_of(attempt)
        decides = attempt is payment.current_attempt or status in FUNDED
        copy_charge(charge, attempt)
        dispute_changed = copy_dispute(charge, attempt)
        attempt.status, attempt.polled_at = status, self._now()
        self._repository.save(connection, payment, attempt)
        if dispute_changed and charge.dispute:
            dispute = record_dispute(connection, payment, charge.dispute)
            self._hooks.dispute_changed(connection, payment, dispute)
            self._notifier.schedule(connection, payment)
        if status == AttemptStatus.SURPLUS:
            log.error("surplus_charge", extra={**_about(attempt), "amount": charge.amount})
        elif decides:  # any other attempt matters to the payment only if its money moved after all
            has_moved = self._follow(connection, attempt, charge)
            if attempt.refunded_amount > refunded and not has_moved:
                self._announce(connection, payment, payment.status)
        schedule_follow_up(connection, attempt, before=before, now=self._now())
        if attempt.is_unresolved and not was_unresolved:  # its task is gone
            self._schedule_resolution(connection, attempt)

    def _status_after(
        self, connection: Connection, attempt: PaymentAttempt, charge: Charge
    ) -> AttemptStatus | None:
        """The attempt's next status; None when the charge has to wait for another attempt."""
        status, payment = attempt_status_for(charge), attempt.payment
        if attempt.status == AttemptStatus.SURPLUS:
            return AttemptStatus.SURPLUS
        if status in FUNDED and attempt.status not in FUNDED:
            is_unwanted = (
                payment.funded_attempt is not None
                or payment.status == PaymentStatus.CANCELLED
                or (attempt.amount, attempt.currency) != (payment.amount, payment.currency)
                or not self._can_accept(connection, payment)
            )
            return AttemptStatus.SURPLUS if is_unwanted else status
        others = (other for other in payment.attempts if other is not attempt)
        must_wait = not attempt.is_unresolved and any(other.is_unresolved for other in others)
        return None if status == AttemptStatus.PENDING and must_wait else status

    def _can_accept(self, connection: Connection, payment: Payment) -> bool:
        """Whether the host can still deliver what a late charge pays for."""
        return payment.status not in ABANDONED or self._hooks.can_accept(connection, payment)

    def _follow(self, connection: Connection, attempt: PaymentAttempt, charge: Charge) -> bool:
        """Bring the payment to the status of its charge: whether it changed."""
        payment, before = attempt.payment, attempt.payment.status
        status = payment_status_for(
            charge,
            returned=attempt.returned_at is not None,
            charged_back=attempt.charged_back_amount,
        )
        if payment.status == PaymentStatus.CANCELLED:
            return False
        if charge.paid and payment.paid_at is None:
            self._transition(connection, payment, PaymentStatus.PAID, charge.id)
        if payment.status == PaymentStatus.AUTHORIZED and status == PaymentStatus.PAYMENT_FAILED:
            status = PaymentStatus.EXPIRED
        if status not in IN_PROGRESS or self._can_accept(connection, payment):
            self._transition(connection, payment, status, charge.id)
        return payment.status != before

    def _transition(
        self, connection: Connection, payment: Payment, status: PaymentStatus, cause: str
    ) -> None:
        if payment.status != status:
            self.transition(connection, payment, status, cause)

    def transition(
        self, connection: Connection, payment: Payment, status: PaymentStatus, cause: str = ""
    ) -> None:
        """Save a payment in its next status, and call the host's hook.

        Raises:
            InvalidTransition: when the table has no such transition.
        """
        old = payment.status
        transition = payment.transition_to(status, at=self._now(), cause=cause)
        self._repository.save(connection, payment, transition)
        log.info(
            "payment_transition",
            extra={"payment": payment.reference, "old": old, "new": status, "cause": cause},
        )
        self._announce(connection, payment, old)

    def _announce(self, connection: Connection, payment: Payment, old: PaymentStatus) -> None:
        self._hooks.status_changed(connection, payment, old, payment.status)
        self._notifier.schedule(connection, payment)

    def _schedule_resolution(self, connection: Connection, attempt: PaymentAttempt) -> None:
        outbox.schedule(connection, TaskKind.RESOLVE_ATTEMPT, attempt.key, due_at=self._now())

    # The outcome of a request

    def mark_rejected(self, key: str, code: str, *, is_missing: bool = False) -> PaymentAttempt:
        """Close an attempt that had no effect; `is_missing`: even one that has a charge."""
        with self._database.transaction() as connection:
            attempt = self._locked(connection, key)
            if (attempt.charge_id and not is_missing) or not attempt.is_unresolved:
                return attempt
            attempt.status, attempt.failure_code = AttemptStatus.REJECTED, code
            self._repository.save(connection, attempt.payment, attempt)
            if attempt is attempt.payment.current_attempt:
                self._transition(connection, attempt.payment, PaymentStatus.PAYMENT_FAILED, code)
            outbox.cancel(connection, TaskKind.RESOLVE_ATTEMPT, key)
        self._notifier.notify_now(attempt.payment.reference)
        return attempt

    def mark_succeeded(self, key: str, *, refund_id: str | None = None) -> None:
        """Close a capture, void or refund that happened."""
        with self._database.transaction() as connection:
            attempt = self._locked(connection, key)
            attempt.status = AttemptStatus.SUCCEEDED
            attempt.refund_id = refund_id or attempt.refund_id
            self._repository.save(connection, attempt.payment, attempt)
            outbox.cancel(connection, TaskKind.RESOLVE_ATTEMPT, key)

    def mark_unknown(self, key: str) -> PaymentAttempt:
        """Mark the attempt unknown and schedule its resolution."""
        with self._database.transaction() as connection:
            attempt = self._locked(connection, key)
            if attempt.status == AttemptStatus.STARTED:
                attempt.status = AttemptStatus.UNKNOWN
                self._repository.save(connection, attempt.payment, attempt)
                self._schedule_resolution(connection, attempt)
                self._announce(connection, attempt.payment, attempt.payment.status)
                log.warning("attempt_unknown", extra=_about(attempt))
        self._notifier.notify_now(attempt.payment.reference)
        return attempt

    def mark_returned(self, key: str) -> None:
        """Record that the shopper returned from the bank; the result is read from Omise."""
        with self._database.transaction() as connection:
            attempt = self._locked(connection, key)
            attempt.returned_at = attempt.returned_at or self._now()
            self._repository.save(connection, attempt.payment, attempt)
            if attempt.payment.status == PaymentStatus.AWAITING_PAYMENT:
                self._transition(connection, attempt.payment, PaymentStatus.CONFIRMING, "returned")

    def set_saved_card(self, key: str, card_id: str | None) -> None:
        """Record the card that this attempt saved."""
        with self._database.transaction() as connection:
            attempt = self._locked(connection, key)
            attempt.saved_card_id = card_id
            self._repository.save(connection, attempt.payment, attempt)

    def delete_saved_card(self, attempt: PaymentAttempt, customer_id: str | None) -> None:
        """Delete the card that a failed attempt saved."""
        if customer_id is None or attempt.saved_card_id is None:
            return
        try:
            self._saved_cards.delete_for_customer(customer_id, attempt.saved_card_id)
        except (CardNotFound, PaymentsUnavailable) as error:
            log.warning("card_not_deleted", extra={"error": type(error).__name__})
        self.set_saved_card(attempt.key, None)

    def claim_poll(self, key: str, *, interval: timedelta, lasting: timedelta) -> bool:
        """Claim the right to poll this attempt; true for one caller per interval.

        No other caller gets it while the request may last; a charge that is applied ends it. A
        claim further ahead was made before the clock was set back, and counts no more.
        """
        now, column = self._now(), tables.attempts.c
        is_due = or_(
            column.polled_at.is_(None),
            column.polled_at <= now - interval,
            column.polled_at > now + interval + 2 * lasting,
        )
        claim = (
            update(tables.attempts).where(column.key == key, is_due).values(polled_at=now + lasting)
        )
        with self._database.transaction() as connection:
            return connection.execute(claim).rowcount == 1

    def _locked(self, connection: Connection, key: str) -> PaymentAttempt:
        """The attempt, with its payment locked.

        Raises:
            LookupError: when there is no such attempt.
        """
        payment = self._repository.lock_by_attempt(connection, key)
        attempt = payment.attempt(key) if payment else None
        if attempt is None:
            raise LookupError(f"no attempt {key}")
        return attempt


def _may_have_created(attempt: PaymentAttempt, key: str) -> bool:
    """Whether an attempt has that key, and waits for its charge."""
    is_charge = attempt.type == OperationType.CHARGE
    return attempt.key == key and is_charge and attempt.charge_id is None


def _about(attempt: PaymentAttempt) -> dict[str, object]:
    return {"payment": attempt.payment.reference, "charge": attempt.charge_id}
