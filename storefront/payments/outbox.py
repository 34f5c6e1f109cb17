"""The outbox: what is still to be done, and who does it.

A task is written in the transaction that made it necessary, so nothing is forgotten when a process
dies. Claiming one gives a lease: whoever dies while working on it loses it to the next.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from storefront.models import Heartbeat, Task, TaskKind

from .database import Database

#: How long a worker may be busy with one task before another one takes it up.
LEASE = timedelta(minutes=2)

#: Under which name workers show that they are alive, and how often.
WORKER = "worker"
BEAT = timedelta(seconds=10)

#: How long to wait before the next try; the last is repeated.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 900, 3600))


def pause_after(tries: int) -> timedelta:
    """How long to wait after that many tries."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def add_task(session: Session, kind: TaskKind, subject: str, due_at: datetime) -> None:
    """Have something done at that time, at the latest; it is never written down twice."""
    about = {"about": kind, "what": subject}
    kept = session.execute(_KEPT, about).scalar_one_or_none()
    if kept is None:
        new_task(session, kind, subject, due_at)
    elif due_at < kept:
        session.execute(_SOONER, {**about, "due_at": due_at})


def new_task(session: Session, kind: TaskKind, subject: str, due_at: datetime) -> None:
    """Have something done at that time of which nothing is written down yet."""
    session.execute(_NEW, {"kind": kind, "subject": subject, "due_at": due_at, "tries": 0})


def drop_task(session: Session, kind: TaskKind, subject: str) -> None:
    """Have it done no more."""
    session.execute(_DROP, {"about": kind, "what": subject})


_TASK = Task.core()
_IS_IT = and_(_TASK.c.kind == bindparam("about"), _TASK.c.subject == bindparam("what"))
_KEPT = select(_TASK.c.due_at).where(_IS_IT)
_NEW = insert(_TASK)
_SOONER = update(_TASK).where(_IS_IT)
_DROP = delete(_TASK).where(_IS_IT)


class Outbox:
    """The tasks of the shop, as its workers share them."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def claim(self) -> Task | None:
        """A task that is due, now the caller's for a while; None when there is none."""
        due = (
            select(Task)
            .where(Task.due_at <= self._now())
            .order_by(Task.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing() as session:
            task = session.scalar(due)
            if task is not None:
                task.tries += 1
                task.due_at = self._now() + LEASE
            return task

    def done(self, task: Task) -> None:
        """The task is done with."""
        with self._database.writing() as session:
            drop_task(session, task.kind, task.subject)

    def later(self, task: Task) -> None:
        """The task is to be tried again after a pause that grows."""
        with self._database.writing() as session:
            kept = session.get(Task, task.id, with_for_update=True)
            if kept is not None:
                kept.due_at = self._now() + pause_after(task.tries)

    def beat(self) -> None:
        """Show that a worker is alive, unless one did so a moment ago."""
        now = self._now()
        with self._database.reading() as session:
            last = session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
        if last is None or now - last >= BEAT:
            with self._database.writing() as session:
                session.merge(Heartbeat(name=WORKER, at=now))

    def next_due(self) -> datetime | None:
        """When the next task is due; None when there is none."""
        with self._database.reading() as session:
            return session.scalar(select(Task.due_at).order_by(Task.due_at).limit(1))
