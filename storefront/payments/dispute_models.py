"""A dispute as a plain dataclass. No I/O."""

from dataclasses import dataclass
from datetime import datetime

from .money import Money
from .statuses import UNDECIDED, DisputeStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentDispute:
    """A charge that the cardholder disputes at their bank."""

    id: str
    reference: str  #: of the payment
    charge_id: str
    amount: int
    currency: str
    status: DisputeStatus
    reason_code: str | None
    reason: str | None
    created_at: datetime
    closed_at: datetime | None

    @property
    def total(self) -> Money:
        """How much the cardholder wants back."""
        return Money(self.amount, self.currency)

    @property
    def is_undecided(self) -> bool:
        """Whether the bank has yet to decide."""
        return self.status in UNDECIDED
