"""Compares recorded payments with Omise's charges, repairs what it can, reports the rest."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from .charge_comparison import contradictions
from .charge_sync import ChargeSync
from .clock_jump import CLOCK_SKEW
from .models import PaymentAttempt
from .omise import Charge, OmiseClient, OmiseRejected
from .repository import PaymentRepository
from .statuses import FUNDED, AttemptStatus, DisputeStatus, OperationType, attempt_status_for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something on which the records and Omise do not agree. Amounts are in the smallest unit."""

    description: str
    reference: str
    charge_id: str
    recorded_amount: int
    gateway_amount: int

    @property
    def identity(self) -> tuple[str, str, str]:
        """What tells one discrepancy from another."""
        return self.description, self.reference, self.charge_id


@dataclass(frozen=True, slots=True)
class ReconciliationReport:
    """What a reconciliation found."""

    charges: int
    attempts: int
    repaired: int
    discrepancies: list[Discrepancy]

    @property
    def net_difference(self) -> int:
        """The money that Omise has beyond the records, less the other way round."""
        return sum(each.gateway_amount - each.recorded_amount for each in self.discrepancies)


class Reconciler:
    """Compares and repairs the payments of a period."""

    def __init__(
        self,
        *,
        repository: PaymentRepository,
        omise: OmiseClient,
        sync: ChargeSync,
        resolve: Callable[[PaymentAttempt], None],
        compare_disputes: Callable[[datetime], list[Discrepancy]],
        livemode: bool,
    ) -> None:
        self._repository = repository
        self._omise = omise
        self._sync = sync
        self._resolve = resolve
        self._compare_disputes = compare_disputes
        self._livemode = livemode

    def run(self, since: datetime, until: datetime) -> ReconciliationReport:
        """Repair what can be repaired in a period, and report the rest.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        before = {each.identity for each in self._compare(since, until)[0]}
        self._repair(since, until)
        found, charges, attempts = self._compare(since, until)
        remaining = {each.identity for each in found}
        return ReconciliationReport(charges, attempts, len(before - remaining), found)

    def _repair(self, since: datetime, until: datetime) -> None:
        for charge in self._charges(since, until)[0].values():
            self._sync.apply_charge(charge)
        for attempt in self._attempts(since, until):
            if attempt.is_unresolved:
                self._try_to_resolve(attempt)
        for discrepancy in self._compare_disputes(since):
            if discrepancy.reference:  # the charge may be older than the period
                self._sync.apply_charge(self._omise.charge(discrepancy.charge_id))

    def _try_to_resolve(self, attempt: PaymentAttempt) -> None:
        """Find out, unless Omise does not know it: that is reported, and the others go on."""
        try:
            self._resolve(attempt)
        except OmiseRejected as error:
            extra = {"payment": attempt.payment.reference, "reason": str(error)}
            log.warning("attempt_not_resolved", extra=extra)

    def _compare(self, since: datetime, until: datetime) -> tuple[list[Discrepancy], int, int]:
        charges, unreadable = self._charges(since, until)
        attempts = self._attempts(since, until)
        by_key = {a.key: a for a in attempts if a.type == OperationType.CHARGE}
        by_charge = {a.charge_id: a for a in by_key.values() if a.charge_id}
        found = [
            discrepancy
            for charge in charges.values()
            for attempt in [by_charge.get(charge.id) or by_key.get(_key_of(charge))]
            if (discrepancy := _of_charge(charge, attempt))
        ]
        found += [each for attempt in attempts if (each := _of_attempt(attempt, charges))]
        found += self._compare_disputes(since)
        found += [Discrepancy("cannot be read", "", id_, 0, 0) for id_ in unreadable]
        return found, len(charges), len(attempts)

    def _charges(self, since: datetime, until: datetime) -> tuple[dict[str, Charge], list[str]]:
        """The charges of the attempts of a period, and those of the period that have no attempt.

        Beside them the ids of those that cannot be read.

        Omise's clock differs: a charge may seem to be older than its attempt, or much younger.
        """
        attempts = self._attempts(since - 2 * CLOCK_SKEW, until + 2 * CLOCK_SKEW)
        began = {attempt.key: attempt.created_at for attempt in attempts}
        began |= {a.charge_id: a.created_at for a in attempts if a.charge_id}
        unreadable: list[Mapping[str, object]] = []
        near = self._omise.charges(
            since=since - CLOCK_SKEW, until=until + CLOCK_SKEW, unreadable=unreadable
        )
        charges = {
            charge.id: charge
            for charge in near
            if since
            <= (began.get(charge.id) or began.get(_key_of(charge), charge.created_at))
            <= until
        }
        return charges, [str(row.get("id")) for row in unreadable]

    def _attempts(self, since: datetime, until: datetime) -> list[PaymentAttempt]:
        """The attempts of a period in the mode of the keys; these cannot see the other mode."""
        return self._repository.attempts_between(since, until, livemode=self._livemode)


def _key_of(charge: Charge) -> str:
    return str(charge.metadata.get("attempt"))


def _gateway_amount(charge: Charge) -> int:
    """What the merchant has of a charge, captured or authorized, after refunds."""
    if charge.paid:
        return charge.captured_amount - charge.refunded_amount - _charged_back(charge)
    return charge.amount if charge.status == "pending" and charge.authorized else 0


def _charged_back(charge: Charge) -> int:
    """What a dispute that was lost took of a charge."""
    dispute = charge.dispute
    return dispute.amount if dispute and dispute.status == DisputeStatus.LOST else 0


def _recorded_amount(attempt: PaymentAttempt) -> int:
    """The same by the records."""
    match attempt.status:
        case AttemptStatus.SUCCEEDED | AttemptStatus.SURPLUS:
            return attempt.kept_amount
        case AttemptStatus.AUTHORIZED:
            return attempt.amount
        case _:
            return 0


def _of_charge(charge: Charge, attempt: PaymentAttempt | None) -> Discrepancy | None:
    """Where a charge is not what the records say."""
    if attempt is None:
        actual = _gateway_amount(charge)
        return (
            Discrepancy("no attempt has this charge", "", charge.id, 0, actual) if actual else None
        )
    return next(_disagreements(charge, attempt), None)


def _disagreements(charge: Charge, attempt: PaymentAttempt) -> Iterator[Discrepancy]:
    recorded, actual = _recorded_amount(attempt), _gateway_amount(charge)

    def discrepancy(description: str) -> Discrepancy:
        return Discrepancy(description, attempt.payment.reference, charge.id, recorded, actual)

    if problems := contradictions(attempt, charge):
        yield discrepancy(f"differs in {', '.join(problems)}")
    if attempt.status == AttemptStatus.SURPLUS and actual:
        yield Discrepancy("must be refunded", attempt.payment.reference, charge.id, 0, actual)
    if recorded != actual:
        yield discrepancy("differs in the captured amount")
    if attempt.status not in (attempt_status_for(charge), AttemptStatus.SURPLUS):
        yield discrepancy(f"is recorded as {attempt.status}")


def _of_attempt(attempt: PaymentAttempt, charges: dict[str, Charge]) -> Discrepancy | None:
    """Where the records say something that no charge of Omise confirms."""
    reference, charge_id = attempt.payment.reference, attempt.charge_id or ""
    if attempt.is_unresolved and attempt.status != AttemptStatus.PENDING:
        return Discrepancy(f"unresolved {attempt.type}", reference, charge_id, 0, 0)
    has_charge = attempt.status in FUNDED or attempt.status == AttemptStatus.PENDING
    if attempt.type == OperationType.CHARGE and has_charge and charge_id not in charges:
        recorded = _recorded_amount(attempt)
        return Discrepancy("Omise has no such charge", reference, charge_id, recorded, 0)
    return None
