"""Task handlers for the outbox worker."""

from collections.abc import Callable, Mapping
from datetime import datetime

from .charge_search import ChargeSearch
from .models import PaymentAttempt
from .notifications import Notifier
from .operations import PaymentOperations
from .pending_charges import PendingCharges
from .repository import PaymentRepository
from .resolution import ChargeResolver
from .statuses import AttemptStatus, OperationType
from .submission_deadline import SubmissionDeadline
from .task_models import Task, TaskKind
from .webhook_inbox import WebhookInbox

#: Handles a task: whether it is done. An exception or False makes the worker try again later.
Handler = Callable[[Task], bool]


class TaskHandlers:
    """The tasks of the engine, each with the use case that handles it."""

    def __init__(
        self,
        repository: PaymentRepository,
        resolver: ChargeResolver,
        operations: PaymentOperations,
        inbox: WebhookInbox,
        notifier: Notifier,
        deadline: SubmissionDeadline,
        pending: PendingCharges,
    ) -> None:
        self._repository = repository
        self._resolver = resolver
        self._operations = operations
        self._inbox = inbox
        self._notifier = notifier
        self._deadline = deadline
        self._pending = pending

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The handler of each kind of task."""
        return {
            TaskKind.RESOLVE_ATTEMPT: self._resolve_attempt,
            TaskKind.PROCESS_WEBHOOK: lambda task: self._inbox.process(task.subject),
            TaskKind.REFUND_SURPLUS: self._refund_surplus,
            TaskKind.CHECK_AUTHORIZATION: self._check_authorization,
            TaskKind.NOTIFY_HOST: lambda task: self._notifier.notify(task.subject),
        }

    def latest(self, task: Task) -> datetime | None:
        """When a task is to be looked at again at last: an attempt right at its deadlines."""
        is_attempt = task.kind == TaskKind.RESOLVE_ATTEMPT
        attempt = self._repository.find_attempt(task.subject) if is_attempt else None
        if attempt is None:
            return None
        looks = (self._deadline.passes_at(attempt), self._pending.next_look(attempt))
        return min((at for at in looks if at and at > self._deadline.now()), default=None)

    def resolve(self, attempt: PaymentAttempt, search: ChargeSearch | None = None) -> None:
        """Find out what became of an attempt of any type.

        Args:
            attempt: unresolved.
            search: of several attempts to charge, this one among them.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        if attempt.type == OperationType.CHARGE:
            self._resolver.resolve_unknown(attempt, search=search)
        else:
            self._operations.resolve_unknown(attempt)

    def _resolve_attempt(self, task: Task) -> bool:
        for act in (self.resolve, self._pending.expire_overdue):
            attempt = self._repository.find_attempt(task.subject)
            if attempt is None or not attempt.is_unresolved:
                return True
            act(attempt)
        attempt = self._repository.find_attempt(task.subject)
        return attempt is None or not attempt.is_unresolved

    def _check_authorization(self, task: Task) -> bool:
        """See whether an authorization was captured, voided, or has expired."""
        attempt = self._repository.find_attempt(task.subject)
        if attempt is None or attempt.status != AttemptStatus.AUTHORIZED or not attempt.charge_id:
            return True
        attempt = self._resolver.sync_charge(attempt.charge_id)
        return attempt is None or attempt.status != AttemptStatus.AUTHORIZED

    def _refund_surplus(self, task: Task) -> bool:
        attempt = self._repository.find_attempt(task.subject)
        return attempt is None or self._operations.refund_surplus(attempt)
