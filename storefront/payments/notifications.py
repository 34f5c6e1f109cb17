"""Tells the host that a payment changed: after the commit, inline first, then from the outbox."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from . import outbox
from .database import Database
from .host import Hooks
from .models import Payment
from .repository import PaymentRepository
from .task_models import TaskKind

log = logging.getLogger(__name__)

#: How long the process that made the change has to notify the host before a worker does.
INLINE_TIME = timedelta(seconds=10)


class Notifier:
    """Calls the host's `on_change` at least once for every change of a payment."""

    def __init__(
        self,
        database: Database,
        repository: PaymentRepository,
        hooks: Hooks,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._hooks = hooks
        self._now = now

    def schedule(self, connection: Connection, payment: Payment) -> None:
        """Have the host notified of a change in this transaction."""
        if self._hooks.on_change:
            due_at = self._now() + INLINE_TIME
            outbox.schedule(connection, TaskKind.NOTIFY_HOST, payment.reference, due_at=due_at)

    def notify_now(self, reference: str) -> None:
        """Notify the host in this process; what fails is left to the worker."""
        if self._hooks.on_change is None:
            return
        try:
            self.notify(reference)
        except Exception:  # an error of the host must not hide the result of the payment
            log.exception("host_not_notified", extra={"payment": reference})
            self._hooks.after_error()

    def notify(self, reference: str) -> bool:
        """Call `on_change` until it has seen the payment as it stands: whether it is done."""
        on_change, payment = self._hooks.on_change, self._repository.find(reference)
        while on_change and payment:
            on_change(payment)
            payment = self._changed_since(payment)
        return True

    def _changed_since(self, seen: Payment) -> Payment | None:
        """The payment if it changed after the host saw it; else its task is cancelled."""
        with self._database.transaction() as connection:
            payment = self._repository.lock_by_reference(connection, seen.reference)
            if payment and _version(payment) != _version(seen):
                return payment
            outbox.cancel(connection, TaskKind.NOTIFY_HOST, seen.reference)
        return None


def _version(payment: Payment) -> tuple[object, ...]:
    return payment.status, payment.amount, payment.refunded_amount, payment.dispute_status
