"""Signed links in mails to members: what one says, and how long it is valid.

Nothing is stored. A link is used up by what it does: its values name a state of the account, which
the account then leaves.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from storefront.errors import LinkExpired


class LinkPurpose(StrEnum):
    """What a link is good for; a link for one purpose is nothing to the others."""

    RESET_PASSWORD = "reset-password"  # noqa: S105 - a name
    VERIFY_EMAIL = "verify-email"


#: How long each link is valid.
MAX_AGE = {
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.VERIFY_EMAIL: timedelta(days=3),
}


class SignedLinks:
    """Signs the tokens of links, and reads them.

    Args:
        keys: the secrets that are accepted; the last one signs.
        now: the clock.
    """

    def __init__(self, keys: Sequence[str], *, now: Callable[[], datetime]) -> None:
        self._keys = list(keys)
        self._now = now

    def sign(self, purpose: LinkPurpose, *values: int | str) -> str:
        """A token that carries the values."""
        token = self._serializer(purpose).dumps([int(self._now().timestamp()), *values])
        return str(token)

    def read(self, purpose: LinkPurpose, token: str) -> list[Any]:
        """The values of a token.

        Raises:
            LinkExpired: it is too old, or forged.
        """
        try:
            signed: list[Any] = self._serializer(purpose).loads(token)
        except BadSignature:
            raise LinkExpired from None
        issued_at, *values = signed
        if self._now().timestamp() - issued_at >= MAX_AGE[purpose].total_seconds():
            raise LinkExpired
        return values

    def _serializer(self, purpose: LinkPurpose) -> URLSafeSerializer:
        return URLSafeSerializer(self._keys, salt=purpose)
