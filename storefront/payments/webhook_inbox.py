"""The webhook inbox: verifies and stores webhooks; the worker fetches their charges again.

While no worker runs, they are fetched before the webhook is answered.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from . import outbox, tables
from .database import Database
from .event_models import EventStatus, WebhookEvent
from .models import PaymentAttempt
from .omise import Event, OmiseError, OmiseRejected, verify_signature
from .repository import PaymentRepository
from .resolution import ChargeResolver
from .task_models import TaskKind

log = logging.getLogger(__name__)

#: How long an event is retried whose charge no attempt has.
UNMATCHED_RETRY_WINDOW = timedelta(days=1)

_EVENTS = tables.webhook_events
_BY_ID = select(_EVENTS).where(_EVENTS.c.id == bindparam("event_id"))
_MARK = update(_EVENTS).where(_EVENTS.c.id == bindparam("event_id"))


class WebhookInbox:
    """Receives and processes the webhooks of Omise."""

    def __init__(
        self,
        database: Database,
        repository: PaymentRepository,
        resolver: ChargeResolver,
        outbox: outbox.Outbox,
        *,
        secrets: list[str],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._resolver = resolver
        self._outbox = outbox
        self._secrets = secrets
        self._now = now

    def receive(self, body: bytes, *, signature: str, timestamp: str) -> None:
        """Verify and store a webhook for the worker; after this nothing of it can be lost.

        Without a webhook secret nothing proves its origin: it is not stored, and only makes the
        engine ask Omise about a known charge that is unresolved.

        Raises:
            UntrustedEvent: not signed by Omise, too old, or unreadable.
        """
        if self._secrets:
            verify_signature(
                body,
                signature=signature,
                timestamp=timestamp,
                secrets=self._secrets,
                now=self._now(),
            )
        event = Event.from_body(body)
        if not self._secrets:
            self._poll_unsigned(event)
        elif self._store(event) and not self._outbox.is_worker_alive():
            self._try_to_process(event.id)

    def _store(self, event: Event) -> bool:
        """Store an event: whether it is to be processed; a processed one is delivered again."""
        row = {
            "id": event.id,
            "key": event.key,
            "charge_id": event.charge_id,
            "status": EventStatus.RECEIVED,
            "received_at": self._now(),
        }
        try:
            with self._database.transaction() as connection:
                connection.execute(insert(_EVENTS), row)
                outbox.schedule(connection, TaskKind.PROCESS_WEBHOOK, event.id, due_at=self._now())
        except IntegrityError:
            existing = self.find(event.id)
            return existing is None or existing.status == EventStatus.RECEIVED
        return True

    def _poll_unsigned(self, event: Event) -> None:
        payment = event.charge_id and self._repository.find_by_charge(event.charge_id)
        if payment and payment.unresolved_payment:
            self._resolver.poll(payment)

    def _try_to_process(self, event_id: str) -> None:
        """Process an event now if Omise answers; else the worker does."""
        try:
            self.process(event_id)
        except OmiseError as error:
            log.warning("webhook_not_processed", extra={"event": event_id, "reason": str(error)})

    def find(self, event_id: str) -> WebhookEvent | None:
        """The stored event with that id."""
        with self._database.connect() as connection:
            row = connection.execute(_BY_ID, {"event_id": event_id}).first()
        return WebhookEvent(**row._mapping) if row else None

    def process(self, event_id: str) -> bool:
        """Fetch the charge of an event and apply it: whether the event is done.

        Raises:
            OmiseError: the charge cannot be fetched.
        """
        event = self.find(event_id)
        if event is None:
            return True
        status = EventStatus.IGNORED
        if event.charge_id:
            attempt = self._sync(event.charge_id)
            status = EventStatus.APPLIED if attempt else self._without_attempt(event)
        with self._database.transaction() as connection:
            self._mark(connection, event_id, status)
        return status != EventStatus.UNMATCHED

    def _sync(self, charge_id: str) -> PaymentAttempt | None:
        """The attempt of a charge, fetched again; None also when Omise does not know the charge."""
        try:
            return self._resolver.sync_charge(charge_id)
        except OmiseRejected as error:
            if error.status != 404:
                raise
            return None

    def _without_attempt(self, event: WebhookEvent) -> EventStatus:
        if self._now() - event.received_at < UNMATCHED_RETRY_WINDOW:
            return EventStatus.UNMATCHED
        log.error("webhook_of_unknown_charge", extra={"event": event.id, "charge": event.charge_id})
        return EventStatus.IGNORED

    def _mark(self, connection: Connection, event_id: str, status: EventStatus) -> None:
        values = {"event_id": event_id, "status": status, "processed_at": self._now()}
        connection.execute(_MARK, values)
        if status != EventStatus.UNMATCHED:
            outbox.cancel(connection, TaskKind.PROCESS_WEBHOOK, event_id)
