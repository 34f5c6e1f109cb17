"""Webhooks: a hint that something happened. It is checked, kept, and then Omise itself is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.models import WITH_ORDER, Attempt, EventState, TaskKind, WebhookEvent

from .database import Database
from .omise import Event, OmiseError, OmiseRejected, verify_signature
from .outbox import add_task, drop_task
from .service import Payments

log = structlog.get_logger()

#: How long an event of a charge that no order knows is tried again.
PARKED_FOR = timedelta(days=1)


class Events:
    """What comes in from Omise, and what is made of it."""

    def __init__(
        self,
        database: Database,
        payments: Payments,
        *,
        secrets: list[str],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._payments = payments
        self._secrets = secrets
        self._now = now

    def receive(self, body: bytes, *, signature: str, timestamp: str) -> None:
        """Take in a webhook. When this returns, it is kept and nothing of it can be lost.

        Without a webhook secret nothing proves where it came from: then nothing of it is kept, and
        it only makes us ask about a charge that we know and that is still open.

        Raises:
            UntrustedEvent: when it is not Omise's, is too old, or cannot be read.
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
            self._take_hint(event)
        elif self._keep(event):
            self._try_to_handle(event.id)

    def _keep(self, event: Event) -> bool:
        """Write an event down; False when it is a second delivery of one that is handled."""
        row = WebhookEvent(
            id=event.id,
            key=event.key,
            charge_id=event.charge_id,
            state=EventState.RECEIVED,
            received_at=self._now(),
        )
        try:
            with self._database.writing() as session:
                session.add(row)
                session.flush()
                add_task(session, TaskKind.READ_EVENT, event.id, due_at=self._now())
        except IntegrityError:
            with self._database.reading() as session:
                kept = session.get(WebhookEvent, event.id)
                return kept is None or kept.state == EventState.RECEIVED
        return True

    def _take_hint(self, event: Event) -> None:
        about = select(Attempt).where(Attempt.charge_id == event.charge_id).options(WITH_ORDER)
        with self._database.reading() as session:
            attempt = session.scalar(about)
        if event.charge_id and attempt and attempt.is_open:
            self._payments.refresh(attempt.order)

    def _try_to_handle(self, event_id: str) -> None:
        """Handle an event at once if that works; else the worker does."""
        try:
            self.handle(event_id)
        except OmiseError as error:
            log.warning("event_not_handled", event_id=event_id, reason=str(error))

    def handle(self, event_id: str) -> bool:
        """Read the charge of an event anew and apply it: whether the event is done with.

        Raises:
            OmiseError: when the charge cannot be read.
        """
        with self._database.reading() as session:
            event = session.get(WebhookEvent, event_id)
        if event is None:
            return True
        state = EventState.IGNORED
        if event.charge_id:
            attempt = self._read(event.charge_id)
            state = EventState.APPLIED if attempt else self._without_order(event)
        self._settle(event_id, state)
        return state != EventState.PARKED

    def _read(self, charge_id: str) -> Attempt | None:
        """The attempt of a charge, read anew; None also when Omise does not know the charge."""
        try:
            return self._payments.read(charge_id)
        except OmiseRejected as error:
            if error.status != 404:
                raise
            return None

    def _without_order(self, event: WebhookEvent) -> EventState:
        is_young = self._now() - event.received_at < PARKED_FOR
        if not is_young:
            log.error("event_of_unknown_charge", event_id=event.id, charge=event.charge_id)
        return EventState.PARKED if is_young else EventState.IGNORED

    def _settle(self, event_id: str, state: EventState) -> None:
        with self._database.writing() as session:
            event = session.get(WebhookEvent, event_id)
            if event is None:
                return
            event.state = state
            event.handled_at = self._now()
            if state != EventState.PARKED:
                drop_task(session, TaskKind.READ_EVENT, event_id)
