"""Dead letters: tasks that were set aside because they cannot be done, for staff to decide on."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import and_, delete, func, select, update

from . import tables
from .database import Database
from .task_models import Task

_TASKS = tables.tasks
_IS_DEAD = _TASKS.c.failed_at.is_not(None)


class DeadLetters:
    """The tasks of one database that no worker tries any more."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def all(self) -> list[Task]:
        """The dead letters, the oldest first."""
        found = select(_TASKS).where(_IS_DEAD).order_by(_TASKS.c.failed_at, _TASKS.c.id)
        with self._database.connect() as connection:
            return [Task(**row._mapping) for row in connection.execute(found)]

    def count(self) -> int:
        """How many there are."""
        with self._database.connect() as connection:
            found = connection.execute(select(func.count()).select_from(_TASKS).where(_IS_DEAD))
            return int(found.scalar_one())

    def retry(self, task_id: int) -> bool:
        """Have a dead letter tried again from now on: whether it was one."""
        again = update(_TASKS).where(and_(_TASKS.c.id == task_id, _IS_DEAD))
        fresh = {"due_at": self._now(), "attempt_count": 0, "failure_count": 0, "failed_at": None}
        with self._database.transaction() as connection:
            return connection.execute(again.values(**fresh)).rowcount == 1

    def discard(self, task_id: int) -> bool:
        """Delete a dead letter: whether it was one."""
        gone = delete(_TASKS).where(and_(_TASKS.c.id == task_id, _IS_DEAD))
        with self._database.transaction() as connection:
            return connection.execute(gone).rowcount == 1
