"""The worker: handles the tasks of the outbox. Several may run; each task is leased to one."""

import logging
import os
import select
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from .database import UNAVAILABLE, is_unavailable
from .errors import PaymentError
from .omise import OmiseError, OmiseRejected, OmiseUnknown, OmiseUnreachable, OmiseUnreadable
from .outbox import Outbox
from .pending_charges import ChargeNotExpired
from .task_handlers import Handler
from .task_models import Task

log = logging.getLogger(__name__)

#: How long an idle worker waits between two looks at the outbox, in seconds.
POLL_INTERVAL = 1.0

#: After so many failures one after the other, within about a day, a task is set aside.
MAX_FAILURES = 30

#: Answers of Omise that are not the fault of a task: wrong keys, and too many requests.
NOT_ITS_FAULT = frozenset({401, 429})


class TaskFailed(Exception):
    """Raised by a handler of the host when a task cannot be done now; it is retried."""


class TaskRefused(TaskFailed):
    """Raised by a handler of the host when a task can never be done; it is set aside."""


def _no_limit(_: Task) -> datetime | None:
    return None


class Worker:
    """One worker over the outbox."""

    def __init__(
        self,
        outbox: Outbox,
        handlers: Mapping[str, Handler],
        *,
        latest: Callable[[Task], datetime | None] = _no_limit,
    ) -> None:
        """Args: the tasks, how each kind is handled, and when a task is looked at again at last."""
        self._outbox = outbox
        self._handlers = handlers
        self._latest = latest
        #: What each task is handled in, such as an app context that ends with a session of its own.
        self.context: Callable[[], AbstractContextManager[object]] = nullcontext
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
        outcome = self._handle(task)
        if outcome is True:
            self._outbox.complete(task)
        elif isinstance(outcome, Exception):
            self._fail(task, outcome)
        else:
            self._outbox.reschedule(task, latest=self._latest(task))
        return True

    def _fail(self, task: Task, error: Exception) -> None:
        """Try a task that failed again later, or set it aside if that is of no use."""
        reason = f"{type(error).__name__}: {error}"
        failures = task.failure_count + (0 if _may_pass(error) else 1)
        if isinstance(error, TaskRefused) or failures >= MAX_FAILURES:
            log.error("task_given_up", extra={"task": task.kind, "subject": task.subject})
            self._outbox.give_up(task, error=reason)
        else:
            latest = self._latest(task)
            self._outbox.reschedule(task, error=reason, failures=failures, latest=latest)

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

    def _handle(self, task: Task) -> bool | Exception:
        """Whether the task is done, or why it failed."""
        about = {"task": task.kind, "attempt_count": task.attempt_count}
        try:
            with self.context():
                return self._handlers[task.kind](task)
        except (OmiseError, PaymentError, TaskFailed) as error:
            log.warning("task_failed", extra={**about, "error": str(error)})
            return error
        except Exception as error:  # it must not keep the other tasks from being done
            log.exception("task_crashed", extra=about)
            return error


def _may_pass(error: Exception) -> bool:
    """Whether giving the task up would be wrong.

    Something that all tasks need is down, or a charge is pending, which ends within days.
    """
    if isinstance(error, ChargeNotExpired):
        return True
    if isinstance(error, OmiseRejected):
        return error.status in NOT_ITS_FAULT
    if isinstance(error, OmiseUnreadable):
        return False
    if isinstance(error, UNAVAILABLE):
        return is_unavailable(error)
    return isinstance(error, OmiseUnreachable | OmiseUnknown)
