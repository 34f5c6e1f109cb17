"""How long after an attempt opened its request may still reach Omise."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import PaymentAttempt
from .omise import OmiseUnreachable


@dataclass(frozen=True, slots=True)
class SubmissionDeadline:
    """After it, a charge that cannot be found was never made.

    So a request that could reach Omise after the deadline is not sent.
    """

    settled_after: timedelta
    #: How long one call to Omise takes at most.
    max_call: timedelta
    now: Callable[[], datetime]

    def has_passed(self, attempt: PaymentAttempt, *, at: datetime | None = None) -> bool:
        """Whether no request of the attempt could reach Omise any more, then or now."""
        return (at or self.now()) - attempt.created_at > self.settled_after

    def passes_at(self, attempt: PaymentAttempt) -> datetime:
        """When it has passed."""
        return attempt.created_at + self.settled_after + timedelta(seconds=1)

    def check(self, attempt: PaymentAttempt) -> None:
        """Raise if a request sent now could reach Omise after the deadline.

        Raises:
            OmiseUnreachable: nothing was sent.
        """
        if self.now() - attempt.created_at + self.max_call > self.settled_after:
            raise OmiseUnreachable("too late to send")
