"""What the worker does for each kind of task."""

from collections.abc import Mapping

from storefront.models import Attempt, TaskKind
from storefront.shop.receipts import Receipts

from .ledger import Ledger
from .operations import MoneyMoves
from .service import Payments
from .statuses import AttemptKind, AttemptState
from .webhook_inbox import Events
from .worker import Handler


class Chores:
    """The tasks of the outbox, each with the use case that does it."""

    def __init__(
        self,
        ledger: Ledger,
        payments: Payments,
        moves: MoneyMoves,
        events: Events,
        receipts: Receipts,
    ) -> None:
        self._ledger = ledger
        self._payments = payments
        self._moves = moves
        self._events = events
        self._receipts = receipts

    @property
    def handlers(self) -> Mapping[TaskKind, Handler]:
        """Who does what; each says whether it is done with."""
        return {
            TaskKind.RESOLVE_ATTEMPT: self._resolve_attempt,
            TaskKind.READ_EVENT: self._events.handle,
            TaskKind.GIVE_BACK: self._give_back,
            TaskKind.READ_HOLD: self._read_hold,
            TaskKind.SEND_RECEIPT: self._receipts.send,
        }

    def resolve(self, attempt: Attempt) -> None:
        """Find out what became of an attempt, whatever it was to do.

        Raises:
            OmiseError: when Omise cannot be asked.
        """
        if attempt.kind == AttemptKind.CHARGE:
            self._payments.resolve(attempt)
        else:
            self._moves.resolve(attempt)

    def _resolve_attempt(self, key: str) -> bool:
        attempt = self._ledger.attempt(key)
        if attempt is None or not attempt.is_open:
            return True
        self.resolve(attempt)
        attempt = self._ledger.attempt(key)
        return attempt is None or not attempt.is_open

    def _read_hold(self, key: str) -> bool:
        """See whether money that was held has been taken, given back, or let go."""
        attempt = self._ledger.attempt(key)
        if attempt is None or attempt.state != AttemptState.AUTHORIZED or not attempt.charge_id:
            return True
        attempt = self._payments.read(attempt.charge_id)
        return attempt is None or attempt.state != AttemptState.AUTHORIZED

    def _give_back(self, key: str) -> bool:
        attempt = self._ledger.attempt(key)
        return attempt is None or self._moves.give_back(attempt)
