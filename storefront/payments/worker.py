"""The worker: handles the tasks of the outbox. Several may run; each task is leased to one."""

import logging
import os
import select
import signal
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from .errors import PaymentError
from .models import Task
from .omise import OmiseError
from .outbox import Outbox
from .task_handlers import Handler

log = logging.getLogger(__name__)

#: How long an idle worker waits between two looks at the outbox, in seconds.
POLL_INTERVAL = 1.0


class TaskFailed(Exception):
    """Raised by a handler of the host when a task cannot be done now; it is retried."""


class Worker:
    """One worker over the outbox."""

    def __init__(self, outbox: Outbox, handlers: Mapping[str, Handler]) -> None:
        self._outbox = outbox
        self._handlers = handlers
        self._is_stopping = False
        self._wake_up: int | None = None

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; finish the current task first."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stop())
        self.run_forever()

    def stop(self) -> None:
        """End once the current task is done.

        It runs inside signal handlers, so it takes no lock: it sets a flag and writes to a pipe.
        """
        self._is_stopping = True
        if self._wake_up is not None:
            os.write(self._wake_up, b"\0")

    def run_forever(self) -> None:
        """Handle tasks until stopped."""
        reader, self._wake_up = os.pipe()
        try:
            while not self._is_stopping:
                self._beat()
                if not self._has_worked():
                    select.select([reader], [], [], POLL_INTERVAL)
        finally:
            writer, self._wake_up = self._wake_up, None
            os.close(writer)
            os.close(reader)

    def run_due(self) -> int:
        """Handle every task that is due now: how many that were."""
        count = 0
        while self.run_once():
            count += 1
        return count

    def run_once(self) -> bool:
        """Handle one task that is due; False when there is none."""
        task = self._outbox.claim()
        if task is None:
            return False
        if self._is_done(task):
            self._outbox.complete(task)
        else:
            self._outbox.reschedule(task)
        return True

    def next_due(self) -> datetime | None:
        """When the next task is due; None when there is none."""
        return self._outbox.next_due()

    def _beat(self) -> None:
        try:
            self._outbox.beat()
        except SQLAlchemyError:
            log.exception("database_unavailable")

    def _has_worked(self) -> bool:
        try:
            return self.run_once()
        except SQLAlchemyError:  # the tasks are there again when the database is
            log.exception("database_unavailable")
            return False

    def _is_done(self, task: Task) -> bool:
        about = {"task": task.kind, "attempt_count": task.attempt_count}
        try:
            return self._handlers[task.kind](task)
        except (OmiseError, PaymentError, TaskFailed) as error:
            log.warning("task_failed", extra={**about, "error": str(error)})
            return False
        except Exception:  # one task that cannot be done must not keep the others from being done
            log.exception("task_crashed", extra=about)
            return False
