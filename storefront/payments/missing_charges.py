"""Ends attempts whose charge Omise says it does not have: nothing may wait for it for ever."""

import logging
from dataclasses import dataclass

from .account import MerchantAccount
from .charge_sync import ChargeSync
from .models import PaymentAttempt
from .omise import OmiseRejected
from .submission_deadline import SubmissionDeadline

log = logging.getLogger(__name__)

#: The failure code of an attempt that ended so.
CHARGE_NOT_FOUND = "charge_not_found"


@dataclass(frozen=True, slots=True)
class MissingCharges:
    """Closes attempts after a 404, once that is certain.

    It is certain when the keys are still those of the account that was asked to charge. A charge
    that shows up later is applied or refunded like any late one.
    """

    account: MerchantAccount
    sync: ChargeSync
    deadline: SubmissionDeadline

    def close(
        self, attempt: PaymentAttempt, error: OmiseRejected, *, at_once: bool = False
    ) -> None:
        """Close an attempt whose charge was not found.

        Args:
            attempt: unresolved.
            error: what Omise answered when it was asked for the charge.
            at_once: the shopper gave the charge up, so that the deadline need not pass.

        Raises:
            OmiseError: it is not certain; the error itself, or Omise cannot be asked.
        """
        is_missing = error.status == 404 and error.code.endswith("not_found")
        is_time = at_once or self.deadline.has_passed(attempt)
        if not (is_missing and is_time and self.account.confirms(attempt.payment)):
            raise error
        reference = attempt.payment.reference
        log.error("charge_missing", extra={"payment": reference, "attempt": attempt.key})
        self.sync.mark_rejected(attempt.key, CHARGE_NOT_FOUND, is_missing=True)
