"""The reconciler: our ledger against Omise's charges, to the last satang."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from storefront.models import WITH_ORDER, Attempt, Order

from .charge_sync import Outcomes, differences_of
from .database import Database
from .omise import Charge, OmiseClient, OmiseRejected
from .service import CLOCK_SKEW, Payments
from .statuses import MONEY_MOVED, AttemptKind, AttemptState, attempt_state_for

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the two ledgers do not agree on. Amounts are subunits."""

    what: str
    order: str
    charge: str
    ours: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a reconciliation found."""

    charges: int
    attempts: int
    repaired: int
    left: list[Difference]

    @property
    def delta(self) -> int:
        """The money that Omise took and our ledger does not know of, less the other way round."""
        return sum(difference.theirs - difference.ours for difference in self.left)


class Reconciler:
    """Compares what we know with what Omise knows."""

    def __init__(
        self,
        *,
        database: Database,
        omise: OmiseClient,
        outcomes: Outcomes,
        payments: Payments,
        resolve: Callable[[Attempt], None],
        livemode: bool,
    ) -> None:
        self._database = database
        self._omise = omise
        self._outcomes = outcomes
        self._payments = payments
        self._resolve = resolve
        self._livemode = livemode

    def run(self, since: datetime, until: datetime) -> Report:
        """Mend what can be mended in a period, and report what is left.

        Raises:
            OmiseError: when Omise cannot be asked.
        """
        before = {self._fingerprint(d) for d in self._compare(since, until)[0]}
        self._repair(since, until)
        left, charges, attempts = self._compare(since, until)
        remaining = {self._fingerprint(d) for d in left}
        return Report(charges, attempts, len(before - remaining), left)

    def _repair(self, since: datetime, until: datetime) -> None:
        for charge in self._charges(since, until).values():
            self._payments.take(charge)
        for attempt in self._attempts(since, until):
            if attempt.is_open:
                self._try_to_resolve(attempt)

    def _try_to_resolve(self, attempt: Attempt) -> None:
        """Find out, unless Omise knows nothing of it: that is reported, and the others go on."""
        try:
            self._resolve(attempt)
        except OmiseRejected as error:
            log.warning("attempt_not_resolved", order=attempt.order.number, reason=str(error))

    def _compare(self, since: datetime, until: datetime) -> tuple[list[Difference], int, int]:
        charges = self._charges(since, until)
        attempts = self._attempts(since, until)
        payments = {a.key: a for a in attempts if a.kind == AttemptKind.CHARGE}
        found = [
            difference
            for charge in charges.values()
            if (difference := _about_charge(charge, payments.get(_key_of(charge))))
        ]
        found += [
            difference for attempt in attempts if (difference := _about_attempt(attempt, charges))
        ]
        return found, len(charges), len(attempts)

    def _charges(self, since: datetime, until: datetime) -> dict[str, Charge]:
        """The charges of the attempts of a period, and those of the period that are of none.

        Omise's clock is not ours: a charge may seem to be older than its attempt, or much younger.
        """
        attempts = self._attempts(since - 2 * CLOCK_SKEW, until + 2 * CLOCK_SKEW)
        began = {attempt.key: attempt.created_at for attempt in attempts}
        near = self._omise.charges(since=since - CLOCK_SKEW, until=until + CLOCK_SKEW)
        return {
            charge.id: charge
            for charge in near
            if since <= began.get(_key_of(charge), charge.created_at) <= until
        }

    def _attempts(self, since: datetime, until: datetime) -> list[Attempt]:
        """The attempts of a period in the mode of our keys; of the other we cannot ask."""
        with self._database.reading() as session:
            period = Attempt.created_at.between(since, until)
            ours = Attempt.order.has(Order.livemode == self._livemode)
            attempts = select(Attempt).where(period, ours).order_by(Attempt.id)
            return list(session.scalars(attempts.options(WITH_ORDER)))

    @staticmethod
    def _fingerprint(difference: Difference) -> tuple[str, str, str]:
        return difference.what, difference.order, difference.charge


def _key_of(charge: Charge) -> str:
    return str(charge.metadata.get("attempt"))


def _kept(charge: Charge) -> int:
    """What of a charge the merchant has, or has held, after refunds."""
    if charge.paid:
        return charge.captured_amount - charge.refunded_amount
    return charge.amount if charge.status == "pending" and charge.authorized else 0


def _known(attempt: Attempt) -> int:
    """The same as our ledger has it."""
    match attempt.state:
        case AttemptState.SUCCEEDED | AttemptState.SURPLUS:
            return attempt.captured_amount - attempt.refunded_amount
        case AttemptState.AUTHORIZED:
            return attempt.amount
        case _:
            return 0


def _about_charge(charge: Charge, attempt: Attempt | None) -> Difference | None:
    """Where a charge of Omise's is not what our ledger says."""
    if attempt is None:
        what = "no order knows this charge"
        return Difference(what, "", charge.id, 0, _kept(charge)) if _kept(charge) else None
    return next(_disagreements(charge, attempt), None)


def _disagreements(charge: Charge, attempt: Attempt) -> Iterator[Difference]:
    number = attempt.order.number
    ours, theirs = _known(attempt), _kept(charge)
    if fields := differences_of(attempt, charge):
        yield Difference(f"differs in {', '.join(fields)}", number, charge.id, ours, theirs)
    if attempt.state == AttemptState.SURPLUS and theirs:
        yield Difference("is to be given back", number, charge.id, 0, theirs)
    if ours != theirs:
        yield Difference("differs in what was taken", number, charge.id, ours, theirs)
    if attempt.state not in (attempt_state_for(charge), AttemptState.SURPLUS):
        yield Difference(f"we say {attempt.state}", number, charge.id, ours, theirs)


def _about_attempt(attempt: Attempt, charges: dict[str, Charge]) -> Difference | None:
    """Where our ledger says something that no charge of Omise's bears out."""
    number, charge_id = attempt.order.number, attempt.charge_id or ""
    if attempt.is_open and attempt.state != AttemptState.PENDING:
        return Difference(f"an attempt to {attempt.kind} is open", number, charge_id, 0, 0)
    has_charge = attempt.state in MONEY_MOVED or attempt.state == AttemptState.PENDING
    if attempt.kind == AttemptKind.CHARGE and has_charge and charge_id not in charges:
        return Difference("Omise has no such charge", number, charge_id, _known(attempt), 0)
    return None
