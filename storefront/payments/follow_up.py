"""The tasks that the status of an attempt calls for."""

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from . import outbox
from .models import PaymentAttempt
from .statuses import AttemptStatus
from .task_models import TaskKind

#: How long after an authorization should have expired Omise is asked whether it has.
AUTHORIZATION_GRACE = timedelta(minutes=5)


def schedule_follow_up(connection: Connection, attempt: PaymentAttempt, *, now: datetime) -> None:
    """Schedule what remains to be done about an attempt, in the transaction that changed it."""
    if not attempt.is_unresolved:
        outbox.cancel(connection, TaskKind.RESOLVE_ATTEMPT, attempt.key)
    if attempt.status == AttemptStatus.AUTHORIZED and attempt.expires_at:
        due_at = attempt.expires_at + AUTHORIZATION_GRACE
        outbox.schedule(connection, TaskKind.CHECK_AUTHORIZATION, attempt.key, due_at=due_at)
    if attempt.status == AttemptStatus.SURPLUS:
        outbox.schedule(connection, TaskKind.REFUND_SURPLUS, attempt.key, due_at=now)
