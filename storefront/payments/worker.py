"""The worker: does what the outbox holds. Several may run; none does what another one is doing."""

import signal
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from storefront.errors import MailNotSent, StorefrontError
from storefront.models import Task, TaskKind

from .omise import OmiseError
from .outbox import Outbox

log = structlog.get_logger()

#: How long an idle worker rests between two looks at the outbox, in seconds.
REST = 1.0

#: Does a task, given its subject; says whether it is done with.
Handler = Callable[[str], bool]


class Worker:
    """One worker over the outbox."""

    def __init__(self, outbox: Outbox, handlers: Mapping[TaskKind, Handler]) -> None:
        self._outbox = outbox
        self._handlers = handlers
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until somebody says stop; a task under way is seen through."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stop())
        self.work_on()

    def stop(self) -> None:
        """Have it end once the task under way is done."""
        self._stopping.set()

    def work_on(self) -> None:
        """Work until stopped; an idle worker rests between two looks at the outbox."""
        while not self._stopping.is_set():
            self._beat()
            if not self._has_worked():
                self._stopping.wait(REST)

    def _beat(self) -> None:
        try:
            self._outbox.beat()
        except SQLAlchemyError:
            log.exception("database_unavailable")

    def _has_worked(self) -> bool:
        try:
            return self.work_once()
        except SQLAlchemyError:  # the database comes back, and with it what is to be done
            log.exception("database_unavailable")
            return False

    def work_once(self) -> bool:
        """Do one task that is due; False when there is none."""
        task = self._outbox.claim()
        if task is None:
            return False
        if self._is_done(task):
            self._outbox.done(task)
        else:
            self._outbox.later(task)
        return True

    def next_due(self) -> datetime | None:
        """When there is something to do next; None when nothing is left."""
        return self._outbox.next_due()

    def work_off(self) -> int:
        """Do everything that is due now: how many tasks that were."""
        count = 0
        while self.work_once():
            count += 1
        return count

    def _is_done(self, task: Task) -> bool:
        try:
            return self._handlers[task.kind](task.subject)
        except (OmiseError, StorefrontError, MailNotSent) as error:
            log.warning("task_failed", task=task.kind, tries=task.tries, error=str(error))
            return False
        except Exception:  # one task that cannot be done must not keep the others from being done
            log.exception("task_crashed", task=task.kind, tries=task.tries)
            return False
