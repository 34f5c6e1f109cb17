"""Webhook events as plain dataclasses. No I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventStatus(StrEnum):
    """What became of a webhook."""

    RECEIVED = "received"  #: stored, not processed yet
    APPLIED = "applied"  #: its charge was fetched and applied
    UNMATCHED = "unmatched"  #: no attempt has its charge yet; it is retried for a day
    IGNORED = "ignored"  #: of no concern to a payment


@dataclass(kw_only=True, slots=True, eq=False)
class WebhookEvent:
    """A verified webhook, stored before it is processed; its id shows a second delivery."""

    id: str
    key: str
    charge_id: str | None
    status: EventStatus = EventStatus.RECEIVED
    received_at: datetime
    processed_at: datetime | None = None
