"""Compares recorded payments with Omise's charges, repairs what it can, reports the rest."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import islice

from .charge_comparison import attempt_key, contradictions
from .charge_search import ChargeSearch
from .charge_sync import ChargeSync
from .clock_jump import CLOCK_SKEW
from .models import PaymentAttempt
from .money import Money
from .omise import Charge, OmiseClient, OmiseRejected, OmiseUnreadable
from .payment_comparison import claims_other_status
from .repository import PaymentRepository
from .statuses import FUNDED, AttemptStatus, DisputeStatus, OperationType, attempt_status_for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something on which the records and Omise do not agree.

    Amounts are in the smallest unit of the currency, and 0 where none is known.
    """

    description: str
    reference: str
    charge_id: str
    recorded_amount: int = 0
    gateway_amount: int = 0
    currency: str = ""

    @property
    def recorded(self) -> Money | None:
        """What the records say; None where it is no matter of money."""
        return Money(self.recorded_amount, self.currency) if self.currency else None

    @property
    def at_omise(self) -> Money | None:
        """The same by Omise."""
        return Money(self.gateway_amount, self.currency) if self.currency else None

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
    def net_differences(self) -> list[Money]:
        """The money that Omise has beyond the records, less the other way round, by currency.

        A currency that agrees is left out; two currencies are never added.
        """
        sums = Counter[str]()
        for each in self.discrepancies:
            sums[each.currency] += each.gateway_amount - each.recorded_amount
        return [Money(amount, currency) for currency, amount in sorted(sums.items()) if amount]


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How the records and Omise differ at one time: how many were compared, and what is found."""

    charges: int
    attempts: int
    unresolved: list[PaymentAttempt]
    discrepancies: list[Discrepancy]


class _Charges:
    """The charges of a period as Omise listed them, and those that were fetched since.

    Raises:
        OmiseError: Omise cannot be asked.
    """

    def __init__(self, omise: OmiseClient, since: datetime, until: datetime) -> None:
        rows: list[Mapping[str, object]] = []
        listed = omise.charges(since=since, until=until, unreadable=rows)
        self._omise = omise
        self.known = {charge.id: charge for charge in listed}
        self.keys = {attempt_key(charge) for charge in self.known.values()}
        self.unreadable = {str(row.get("id")) for row in rows}

    def has(self, charge_id: str) -> bool:
        """Whether Omise has the charge, be it readable or not."""
        return charge_id in self.known or charge_id in self.unreadable

    def has_that_of(self, attempt: PaymentAttempt) -> bool:
        """Whether the list had the charge that the attempt made; other types make none."""
        made = attempt.charge_id in self.known or attempt.key in self.keys
        return attempt.type == OperationType.CHARGE and made

    def fetch(self, charge_id: str) -> None:
        """Fetch a charge again; forget one that Omise does not have."""
        self.known.pop(charge_id, None)
        try:
            self.known[charge_id] = self._omise.charge(charge_id)
        except OmiseUnreadable:
            self.unreadable.add(charge_id)
        except OmiseRejected as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise


class Reconciler:
    """Compares and repairs the payments of a period."""

    def __init__(
        self,
        *,
        repository: PaymentRepository,
        omise: OmiseClient,
        sync: ChargeSync,
        resolve: Callable[[PaymentAttempt, ChargeSearch | None], None],
        search: Callable[[Iterable[PaymentAttempt]], ChargeSearch],
        compare_disputes: Callable[[datetime], list[Discrepancy]],
        livemode: bool,
    ) -> None:
        self._repository = repository
        self._omise = omise
        self._sync = sync
        self._resolve = resolve
        self._search = search
        self._compare_disputes = compare_disputes
        self._livemode = livemode

    def run(self, since: datetime, until: datetime) -> ReconciliationReport:
        """Repair what can be repaired in a period, and report the rest.

        The charges are listed once; only those that differ are fetched and applied. What changes
        meanwhile is compared again as it is then.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        charges = _Charges(self._omise, since - CLOCK_SKEW, until + CLOCK_SKEW)
        before = self._compare(charges, since, until)
        self._repair(before, charges)
        after = self._compare(charges, since, until)
        repaired = {each.identity for each in before.discrepancies}
        repaired -= {each.identity for each in after.discrepancies}
        return ReconciliationReport(
            after.charges, after.attempts, len(repaired), after.discrepancies
        )

    def _repair(self, found: _Comparison, charges: _Charges) -> None:
        """Fetch and apply the charges that differ, then resolve what no charge of the list does."""
        for discrepancy in found.discrepancies:
            if discrepancy.reference and discrepancy.charge_id:
                charges.fetch(discrepancy.charge_id)
            if charge := charges.known.get(discrepancy.charge_id):
                self._sync.apply_charge(charge)
        unlisted = [attempt for attempt in found.unresolved if not charges.has_that_of(attempt)]
        lost = [each for each in unlisted if each.type == OperationType.CHARGE]
        search = self._search(lost) if lost else None
        for attempt in unlisted:
            self._try_to_resolve(attempt, search)

    def _try_to_resolve(self, attempt: PaymentAttempt, search: ChargeSearch | None) -> None:
        """Find out, or leave it: that is reported, and the others go on."""
        try:
            self._resolve(attempt, search)
        except (OmiseRejected, OmiseUnreadable) as error:
            extra = {"payment": attempt.payment.reference, "reason": str(error)}
            log.warning("attempt_not_resolved", extra=extra)

    def _compare(self, charges: _Charges, since: datetime, until: datetime) -> _Comparison:
        """What differs now.

        The charges of a period are those of its attempts, and those made in it without an attempt:
        Omise's clock differs, so a charge may seem older than its attempt, or much younger.
        Attempts are read after the charges were: each is stored before its charge is made.
        """
        around = self._attempts_between(since - 2 * CLOCK_SKEW, until + 2 * CLOCK_SKEW)
        attempts = [attempt for attempt in around if since <= attempt.created_at <= until]
        creators = [attempt for attempt in around if attempt.type == OperationType.CHARGE]
        by_key = {attempt.key: attempt for attempt in creators}
        by_charge = {a.charge_id: a for a in creators if a.charge_id}
        pairs = [
            (charge, attempt)
            for charge in charges.known.values()
            for attempt in [by_charge.get(charge.id) or by_key.get(attempt_key(charge))]
            if since <= (attempt or charge).created_at <= until
        ]
        found = [each for pair in pairs for each in _of_charge(*pair)]
        found += [each for attempt in attempts if (each := _of_attempt(attempt, charges))]
        found += self._of_payments(
            {
                attempt.payment.reference
                for attempt in attempts
                if claims_other_status(attempt.payment)
            }
        )
        found += [Discrepancy("cannot be read", "", id_) for id_ in sorted(charges.unreadable)]
        found += self._compare_disputes(since)
        unresolved = [attempt for attempt in attempts if attempt.is_unresolved]
        return _Comparison(len(pairs), len(attempts), unresolved, found)

    def _of_payments(self, references: Iterable[str]) -> Iterator[Discrepancy]:
        """The payments whose status differs from their attempts also under the lock."""
        for reference in sorted(references):
            payment = self._repository.get_locked(reference)
            if status := claims_other_status(payment):
                description = f"is recorded as {payment.status}, but by its attempts {status}"
                yield Discrepancy(description, reference, "")

    def _attempts_between(self, since: datetime, until: datetime) -> list[PaymentAttempt]:
        """The attempts of a period in the mode of the keys; these cannot see the other mode."""
        return self._repository.attempts_between(since, until, livemode=self._livemode)


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


def _of_charge(charge: Charge, attempt: PaymentAttempt | None) -> list[Discrepancy]:
    """Where a charge is not what the records say."""
    if attempt is None:
        money = (0, _gateway_amount(charge), charge.currency)
        found = Discrepancy("no attempt has this charge", "", charge.id, *money)
        return [found] if found.gateway_amount else []
    if attempt.currency != charge.currency:
        # Amounts of two currencies cannot be compared: each is a difference of its own.
        about = (attempt.payment.reference, charge.id)
        recorded, actual = _recorded_amount(attempt), _gateway_amount(charge)
        return [
            Discrepancy("differs in currency", *about, recorded, 0, attempt.currency),
            Discrepancy("differs in currency", *about, 0, actual, charge.currency),
        ]
    return list(islice(_disagreements(charge, attempt), 1))


def _disagreements(charge: Charge, attempt: PaymentAttempt) -> Iterator[Discrepancy]:
    recorded, actual = _recorded_amount(attempt), _gateway_amount(charge)

    def discrepancy(description: str, recorded: int = recorded) -> Discrepancy:
        about = (attempt.payment.reference, charge.id)
        return Discrepancy(description, *about, recorded, actual, charge.currency)

    if problems := contradictions(attempt, charge):
        yield discrepancy(f"differs in {', '.join(problems)}")
    if attempt.status == AttemptStatus.SURPLUS and actual:
        yield discrepancy("must be refunded", recorded=0)
    if recorded != actual:
        yield discrepancy("differs in the captured amount")
    if attempt.status not in (attempt_status_for(charge), AttemptStatus.SURPLUS):
        yield discrepancy(f"is recorded as {attempt.status}")


def _of_attempt(attempt: PaymentAttempt, charges: _Charges) -> Discrepancy | None:
    """Where the records say something that no charge of Omise confirms."""
    reference, charge_id = attempt.payment.reference, attempt.charge_id or ""
    if attempt.is_unresolved and attempt.status != AttemptStatus.PENDING:
        return Discrepancy(f"unresolved {attempt.type}", reference, charge_id)
    has_charge = attempt.status in FUNDED or attempt.status == AttemptStatus.PENDING
    if attempt.type == OperationType.CHARGE and has_charge and not charges.has(charge_id):
        money = (_recorded_amount(attempt), 0, attempt.currency)
        return Discrepancy("Omise has no such charge", reference, charge_id, *money)
    return None
