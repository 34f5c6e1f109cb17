"""What a merchant does with money that is held or was taken: capture, void, refund.

Each is an attempt like a payment: committed before the call, unique while open, found out when the
answer is lost. Whether it happened is read from the charge, never guessed.
"""

import secrets

import structlog

from storefront.models import Attempt, Order

from .charge_sync import Outcomes
from .ledger import Ledger
from .omise import Charge, OmiseClient, OmiseError, OmiseRejected, OmiseUnknown
from .service import LatestArrival, Payments
from .statuses import AttemptKind, AttemptState

log = structlog.get_logger()


class MoneyMoves:
    """The use cases of moving money on, over the ledger and Omise.

    Every one gives the attempt, whatever came of it, and raises what `Ledger.begin_move` raises.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        outcomes: Outcomes,
        omise: OmiseClient,
        payments: Payments,
        latest_arrival: LatestArrival,
    ) -> None:
        self._ledger = ledger
        self._outcomes = outcomes
        self._omise = omise
        self._payments = payments
        self._latest_arrival = latest_arrival

    def capture(self, number: str, *, amount: int, click: str) -> Attempt:
        """Take money that is held: all of it, or a part where Omise allows that."""
        return self._do(number, AttemptKind.CAPTURE, amount, click)

    def void(self, number: str, *, click: str) -> Attempt:
        """Give back all the money that is held."""
        amount = self._ledger.order(number).amount
        return self._do(number, AttemptKind.VOID, amount, click)

    def refund(self, number: str, *, amount: int, click: str, reason: str = "") -> Attempt:
        """Give back money that was taken, never more than is left of it."""
        return self._do(number, AttemptKind.REFUND, amount, click, reason or None)

    @staticmethod
    def new_click() -> str:
        """What a form carries so that sending it twice does one thing."""
        return secrets.token_hex(16)

    def _do(
        self, number: str, kind: AttemptKind, amount: int, click: str, reason: str | None = None
    ) -> Attempt:
        begun = self._ledger.begin_move(number, kind, amount=amount, click=click, reason=reason)
        if begun.is_new:
            self._send(begun.attempt)
        return self._ledger.attempt(click) or begun.attempt

    def _send(self, attempt: Attempt) -> None:
        """Ask Omise to do it, then look whether it was done."""
        refusal = None
        try:
            self._ask(attempt)
        except OmiseUnknown:
            self._outcomes.lose_sight(attempt.key)
        except OmiseRejected as error:  # perhaps because it was done already
            refusal = error.code
        except OmiseError:
            self._outcomes.refuse(attempt.key, "unreachable")
            return
        try:
            self.resolve(attempt, refusal=refusal)
        except OmiseError as error:  # the worker looks again
            log.warning("move_not_read", order=attempt.order.number, reason=str(error))

    def _ask(self, attempt: Attempt) -> None:
        charge_id = _charge_id(attempt.order)
        self._latest_arrival.check(attempt)
        match attempt.kind:
            case AttemptKind.CAPTURE:
                is_part = attempt.amount < attempt.order.amount
                self._omise.capture(charge_id, amount=attempt.amount if is_part else None)
            case AttemptKind.VOID:
                self._omise.reverse(charge_id)
            case AttemptKind.REFUND:
                self._omise.refund(
                    charge_id, amount=attempt.amount, metadata={"attempt": attempt.key}
                )

    def resolve(self, attempt: Attempt, *, refusal: str | None = None) -> None:
        """Find out whether a capture, void or refund happened, if it is of the mode of our keys.

        Args:
            attempt: to be resolved.
            refusal: Omise's code, when it refused.

        Raises:
            OmiseError: when Omise cannot be asked.
        """
        if not self._ledger.is_of_our_mode(attempt.order):
            return
        can_arrive = not self._latest_arrival.has_passed(attempt)  # while we look, too
        charge = self._omise.charge(_charge_id(attempt.order))
        self._outcomes.apply(charge)
        refund_id = _refund_id(attempt, charge)
        if refund_id or _is_done(attempt, charge):
            self._outcomes.succeed(attempt.key, refund_id=refund_id)
        elif refusal or not can_arrive:
            self._outcomes.refuse(attempt.key, refusal or "never_arrived")

    def give_back(self, attempt: Attempt) -> bool:
        """Give back the money of a charge that no order asks for: whether all of it is back.

        Raises:
            OmiseError: when Omise refuses or cannot be asked; it is tried again.
        """
        charge = self._omise.charge(attempt.charge_id or "")
        if charge.reversible:
            charge = self._omise.reverse(charge.id)
        elif charge.paid and charge.refunded_amount < charge.captured_amount:
            left = charge.captured_amount - charge.refunded_amount
            self._omise.refund(charge.id, amount=left, metadata={"surplus": attempt.key})
            charge = self._omise.charge(charge.id)
        self._outcomes.apply(charge)
        return charge.status != "successful" or charge.refunded_amount == charge.captured_amount


def _charge_id(order: Order) -> str:
    """The charge by which the order was paid, or its money is held, now or before."""
    newest_first = reversed(order.attempts)  # what was declined came before what was held
    charges = (a for a in newest_first if a.kind == AttemptKind.CHARGE and a.charge_id)
    paid = order.payment or next((a for a in charges if a.state != AttemptState.SURPLUS), None)
    if paid is None or paid.charge_id is None:
        raise LookupError(f"order {order.number} has no charge")
    return paid.charge_id


def _is_done(attempt: Attempt, charge: Charge) -> bool:
    """Whether the charge shows that a capture or a void happened."""
    match attempt.kind:
        case AttemptKind.CAPTURE:
            return charge.paid
        case AttemptKind.VOID:
            return charge.reversed
        case _:
            return False


def _refund_id(attempt: Attempt, charge: Charge) -> str | None:
    """The refund that an attempt made, known by the attempt's key in its metadata."""
    made = (refund for refund in charge.refunds if refund.metadata.get("attempt") == attempt.key)
    return next((refund.id for refund in made), None)
