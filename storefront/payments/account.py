"""The Omise account whose keys are set, and which payments belong to it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from .models import Payment
from .omise import OmiseClient, OmiseError

log = logging.getLogger(__name__)

#: How soon Omise is asked again for the account when it could not be asked.
RETRY_AFTER = timedelta(minutes=1)


class MerchantAccount:
    """Tells payments of this account and mode from those of other keys."""

    def __init__(self, omise: OmiseClient, *, livemode: bool, now: Callable[[], datetime]) -> None:
        self._omise = omise
        self._now = now
        self._id: str | None = None
        self._ask_at: datetime | None = None
        self.livemode = livemode

    @property
    def id(self) -> str | None:
        """The account's id, once it is known; never waits for Omise."""
        return self._id

    def identify(self) -> str | None:
        """The account's id; asks Omise until it has told once (docs.omise.co/account-api)."""
        if self._id is None and (self._ask_at is None or self._now() >= self._ask_at):
            try:
                return self.require_id()
            except OmiseError as error:
                log.warning("account_not_identified", extra={"reason": str(error)})
                self._ask_at = self._now() + RETRY_AFTER
        return self._id

    def require_id(self) -> str:
        """The account's id; asks Omise only while it is not known.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        if self._id is None:
            self._id = self._omise.account().id
        return self._id

    def confirms(self, payment: Payment) -> bool:
        """Ask Omise whether the keys are those of the account of a payment.

        Raises:
            OmiseError: Omise cannot be asked.
        """
        self._id = self._omise.account().id
        return payment.livemode == self.livemode and payment.account == self._id

    def owns(self, payment: Payment) -> bool:
        """Whether the keys can see the charges of that payment."""
        if payment.livemode != self.livemode:
            return False
        known = payment.account and self._id
        return not known or payment.account == self._id
