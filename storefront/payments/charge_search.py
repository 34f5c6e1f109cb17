"""Finds the charges of attempts whose response was lost, in one listing."""

import logging
from collections.abc import Mapping
from datetime import datetime

from .charge_comparison import attempt_key
from .models import PaymentAttempt
from .omise import Charge, OmiseClient, OmiseUnreadable

log = logging.getLogger(__name__)


class ChargeSearch:
    """The charges that Omise listed, by the key of their attempt.

    Attributes:
        began_at: when Omise was asked, by the clock of the shop. An attempt whose charge is not
            found has none only if its request could not arrive any more at that time.

    Raises:
        OmiseError: Omise cannot be asked.
    """

    def __init__(self, omise: OmiseClient, *, since: datetime, began_at: datetime) -> None:
        self.began_at = began_at
        self._unreadable: list[Mapping[str, object]] = []
        charges = omise.charges(since=since, unreadable=self._unreadable)
        self._found = {attempt_key(charge): charge for charge in charges}
        for row in self._unreadable:
            log.error("charge_unreadable", extra={"charge": row.get("id")})

    def find(self, attempt: PaymentAttempt) -> Charge | None:
        """The charge of an attempt, if it was made.

        Raises:
            OmiseUnreadable: it was, and cannot be read.
        """
        if found := self._found.get(attempt.key):
            return found
        for row in self._unreadable:
            if attempt.key in str(row.get("metadata")):
                raise OmiseUnreadable(f"charge {row.get('id')} cannot be read")
        return None
