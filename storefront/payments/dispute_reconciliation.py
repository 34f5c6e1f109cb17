"""Compares recorded disputes with Omise's: finds those whose webhook was lost."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus

from .clock_jump import CLOCK_SKEW
from .disputes import Disputes
from .omise import Dispute, OmiseClient, OmiseRejected
from .reconciliation import Discrepancy
from .repository import PaymentRepository


class DisputeComparison:
    """The disputes that are not recorded as Omise has them."""

    def __init__(
        self,
        *,
        disputes: Disputes,
        repository: PaymentRepository,
        omise: OmiseClient,
        livemode: bool,
    ) -> None:
        self._disputes = disputes
        self._repository = repository
        self._omise = omise
        self._livemode = livemode

    def __call__(self, since: datetime) -> list[Discrepancy]:
        """What differs; a dispute of any age is found while it is undecided or recorded so.

        Args:
            since: disputes that were opened and closed unnoticed are looked for from here on.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        unreadable: list[Mapping[str, object]] = []
        disputes = self._omise.disputes(since - CLOCK_SKEW, unreadable=unreadable)
        listed = {each.id: each for each in disputes}
        missing: list[Discrepancy] = []
        for recorded in self._disputes.undecided(livemode=self._livemode):
            if recorded.id in listed:
                continue
            if dispute := self._find(recorded.id):
                listed[recorded.id] = dispute
            else:
                about = (recorded.reference, recorded.charge_id)
                missing.append(Discrepancy("Omise has no such dispute", *about))
        found = [each for dispute in listed.values() for each in self._difference(dispute)]
        return [*found, *missing, *(_unreadable(row) for row in unreadable)]

    def _find(self, dispute_id: str) -> Dispute | None:
        """A dispute; None for one that Omise does not have, or not any more."""
        try:
            return self._omise.dispute(dispute_id)
        except OmiseRejected as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    def _difference(self, dispute: Dispute) -> Iterator[Discrepancy]:
        recorded = self._disputes.find(dispute.id)
        if recorded is None:
            payment = self._repository.find_by_charge(dispute.charge_id)
            if payment:  # else a charge of another program with the same keys
                description = "the dispute is not recorded"
                yield Discrepancy(description, payment.reference, dispute.charge_id)
        elif recorded.status != dispute.status:
            description = f"the dispute is recorded as {recorded.status}"
            yield Discrepancy(description, recorded.reference, dispute.charge_id)


def _unreadable(row: Mapping[str, object]) -> Discrepancy:
    return Discrepancy("cannot be read", "", str(row.get("id")))
