"""The tasks that the status of an attempt calls for."""

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from . import outbox
from .models import PaymentAttempt
from .statuses import AttemptStatus
from .task_models import TaskKind

#: How long after an authorization should have expired Omise is asked whether it has.
AUTHORIZATION_GRACE = timedelta(minutes=5)

#: What the tasks of an attempt follow from: its status, and until when it stays authorized.
State = tuple[AttemptStatus, datetime | None]


def state_of(attempt: PaymentAttempt) -> State:
    """What the tasks of the attempt follow from now."""
    return attempt.status, attempt.expires_at


def schedule_follow_up(
    connection: Connection, attempt: PaymentAttempt, *, before: State, now: datetime
) -> None:
    """Schedule what remains to be done about an attempt, in the transaction that changed it.

    Args:
        connection: in that transaction.
        attempt: as it is now.
        before: `state_of` the attempt until now. A task that followed from it is not scheduled
            again, so that the worker that has it keeps its lease.
        now: in UTC.
    """
    if not attempt.is_unresolved:
        outbox.cancel(connection, TaskKind.RESOLVE_ATTEMPT, attempt.key)
    if state_of(attempt) == before:
        return
    if attempt.status == AttemptStatus.AUTHORIZED and attempt.expires_at:
        due_at = attempt.expires_at + AUTHORIZATION_GRACE
        outbox.schedule(connection, TaskKind.CHECK_AUTHORIZATION, attempt.key, due_at=due_at)
    if attempt.status == AttemptStatus.SURPLUS:
        outbox.schedule(connection, TaskKind.REFUND_SURPLUS, attempt.key, due_at=now)
