"""Tasks of the outbox as plain dataclasses. No I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskKind(StrEnum):
    """The tasks of the engine; a host may add kinds of its own."""

    RESOLVE_ATTEMPT = "resolve_attempt"
    PROCESS_WEBHOOK = "process_webhook"
    REFUND_SURPLUS = "refund_surplus"
    CHECK_AUTHORIZATION = "check_authorization"
    NOTIFY_HOST = "notify_host"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Work written in the transaction that made it necessary."""

    id: int
    kind: str
    #: What it is about: an attempt's key, an event's id, a payment's reference.
    subject: str
    #: A sum that tells two tasks about one subject apart, in the smallest unit; 0 when unused.
    amount: int
    due_at: datetime
    #: How often it was tried.
    attempt_count: int
    #: How often it failed since it last did not, and why it did the last time.
    failure_count: int = 0
    error: str | None = None
    #: When it was set aside as a dead letter.
    failed_at: datetime | None = None
    #: Names the claim of the worker that handles it; None once it is scheduled again.
    lease: str | None = None
