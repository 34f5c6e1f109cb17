"""The outbox: work written in the transaction that made it necessary, claimed by workers.

Claiming a task leases it: if a worker dies, another one takes the task over when the lease ends.
A worker whose lease is no longer that of the task changes nothing: another worker has the task, or
it was scheduled again meanwhile and is done once more.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, insert, select, update
from sqlalchemy.engine import Connection

from . import clock_jump, tables
from .database import Database
from .prepared import Prepared
from .task_models import Task, TaskKind

#: How long a worker may be busy with one task before another one takes it over.
LEASE = timedelta(minutes=2)

#: The name and the interval of the worker's heartbeat.
WORKER = "worker"
HEARTBEAT_INTERVAL = timedelta(seconds=10)

#: A worker that has been silent for this long is considered dead.
MAX_SILENCE = timedelta(seconds=60)

#: How long to wait before the next try; the last one repeats.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 900, 3600))

_TASKS, _HEARTBEATS = tables.tasks, tables.heartbeats
_SAME = and_(
    _TASKS.c.kind == bindparam("of_kind"),
    _TASKS.c.subject == bindparam("of_subject"),
    _TASKS.c.amount == bindparam("of_amount"),
)
_EXISTING = Prepared(select(_TASKS.c.due_at, _TASKS.c.failed_at).where(_SAME))
_INSERT = Prepared.insert(_TASKS, ("kind", "subject", "amount", "due_at", "attempt_count"))
_BRING_FORWARD = update(_TASKS).where(_SAME)
_DELETE = Prepared(delete(_TASKS).where(_SAME))
_IS_ALIVE = _TASKS.c.failed_at.is_(None)
#: The engine's own tasks go before those of the host, such as mails.
_PRIORITY = case((_TASKS.c.kind.in_([kind.value for kind in TaskKind]), 0), else_=1)


def backoff(attempt_count: int) -> timedelta:
    """How long to wait after that many tries."""
    return BACKOFF[min(attempt_count, len(BACKOFF)) - 1]


def schedule(
    connection: Connection, kind: str, subject: str, *, due_at: datetime, amount: int = 0
) -> None:
    """Schedule a task, or bring an existing one forward; a dead letter comes to life again."""
    same = _same(kind, subject, amount)
    existing = _EXISTING.first(connection, same)
    if existing is None:
        schedule_new(connection, kind, subject, due_at=due_at, amount=amount)
    elif existing.failed_at or due_at < existing.due_at:
        alive = {"due_at": due_at, "failed_at": None, "failure_count": 0, "lease": None}
        connection.execute(_BRING_FORWARD, {**same, **alive})


def schedule_new(
    connection: Connection, kind: str, subject: str, *, due_at: datetime, amount: int = 0
) -> None:
    """Schedule a task that is certain not to exist yet."""
    values = {"kind": kind, "subject": subject, "amount": amount, "due_at": due_at}
    _INSERT.run(connection, {**values, "attempt_count": 0})


def cancel(connection: Connection, kind: str, subject: str, *, amount: int = 0) -> None:
    """Cancel the task if it exists."""
    _DELETE.run(connection, _same(kind, subject, amount))


def _same(kind: str, subject: str, amount: int) -> dict[str, Any]:
    return {"of_kind": kind, "of_subject": subject, "of_amount": amount}


def _is_leased(task: Task) -> ColumnElement[bool]:
    """Whether the task is still leased to the worker that claimed it."""
    return and_(_TASKS.c.id == task.id, _TASKS.c.lease == task.lease)


class Outbox:
    """The tasks of one database, shared by all workers."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def claim(self) -> Task | None:
        """Lease the task that has been due for longest, payments first; None when none is due."""
        due = (
            select(_TASKS)
            .where(_TASKS.c.due_at <= self._now(), _IS_ALIVE)
            .order_by(_PRIORITY, _TASKS.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._database.transaction() as connection:
            row = connection.execute(due).first()
            if row is None:
                return None
            leased = {"attempt_count": row.attempt_count + 1, "lease": uuid4().hex}
            until = self._now() + LEASE
            connection.execute(
                update(_TASKS).where(_TASKS.c.id == row.id).values(due_at=until, **leased)
            )
        return Task(**{**row._mapping, **leased})

    def complete(self, task: Task) -> None:
        """Delete a task that is done."""
        with self._database.transaction() as connection:
            connection.execute(delete(_TASKS).where(_is_leased(task)))

    def reschedule(
        self, task: Task, *, error: str | None = None, failures: int = 0, latest: datetime | None
    ) -> None:
        """Try the task again later, after a pause that grows.

        Args:
            task: that is not done.
            error: why it failed, if it did.
            failures: how often it has failed now.
            latest: a time still to come at which it must be tried again.
        """
        due_at = self._now() + backoff(task.attempt_count)
        if latest and latest > self._now():
            due_at = min(due_at, latest)
        self._update(task, due_at=due_at, error=error, failure_count=failures)

    def give_up(self, task: Task, *, error: str) -> None:
        """Set a task aside as a dead letter; see dead_letters.py."""
        failures = task.failure_count + 1
        self._update(task, failed_at=self._now(), error=error, failure_count=failures)

    def _update(self, task: Task, **values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(_TASKS).where(_is_leased(task)).values(lease=None, **values))

    def beat(self) -> None:
        """Record that a worker is alive, once per interval.

        The heartbeats show when the clock was set back: then what was planned is corrected.
        """
        now = self._now()
        last = self.last_heartbeat()
        if last is not None and timedelta(0) <= now - last < HEARTBEAT_INTERVAL:
            return
        is_worker = _HEARTBEATS.c.name == WORKER
        with self._database.transaction() as connection:
            seen = select(_HEARTBEATS.c.at).where(is_worker).with_for_update()
            last = connection.execute(seen).scalar()
            if last is None:
                connection.execute(insert(_HEARTBEATS).values(name=WORKER, at=now))
                return
            connection.execute(update(_HEARTBEATS).where(is_worker).values(at=now))
            if clock_jump.was_set_back(last, now):
                clock_jump.correct(connection, jump=last - now, now=now)

    def last_heartbeat(self) -> datetime | None:
        """When a worker last showed that it is alive."""
        with self._database.connect() as connection:
            last: datetime | None = connection.execute(
                select(_HEARTBEATS.c.at).where(_HEARTBEATS.c.name == WORKER)
            ).scalar()
        return last

    def is_worker_alive(self) -> bool:
        """Whether a worker has shown lately that it is alive."""
        last, now = self.last_heartbeat(), self._now()
        return (
            last is not None and now - last < MAX_SILENCE and not clock_jump.was_set_back(last, now)
        )

    def next_due(self) -> datetime | None:
        """When the next task is due; None when there is none."""
        with self._database.connect() as connection:
            due: datetime | None = connection.execute(
                select(_TASKS.c.due_at).where(_IS_ALIVE).order_by(_TASKS.c.due_at).limit(1)
            ).scalar()
        return due
