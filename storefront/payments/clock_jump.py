"""Corrects what was planned by a clock that ran ahead, after it was set back."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection

from . import tables

log = logging.getLogger(__name__)

#: How far the clocks of two machines may differ, and that of Omise.
CLOCK_SKEW = timedelta(minutes=15)

_TASKS = tables.tasks


def was_set_back(last: datetime | None, now: datetime) -> bool:
    """Whether the clock shows an earlier time than one that it showed before."""
    return last is not None and last - now > CLOCK_SKEW


def correct(connection: Connection, *, jump: timedelta, now: datetime) -> None:
    """Move the tasks that are due in the future back by the jump.

    Otherwise each would wait until the clock has caught up. Attempts are left alone: none is closed
    before its deadline by any clock.
    """
    log.error("clock_set_back", extra={"seconds": round(jump.total_seconds())})
    ahead = select(_TASKS.c.id, _TASKS.c.due_at).where(_TASKS.c.due_at > now)
    rows = [{"row": id_, "at": due_at - jump} for id_, due_at in connection.execute(ahead)]
    if rows:
        moved = update(_TASKS).where(_TASKS.c.id == bindparam("row"))
        connection.execute(moved.values(due_at=bindparam("at", type_=_TASKS.c.due_at.type)), rows)
