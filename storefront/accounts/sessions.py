"""Login sessions: what the cookie says about one, and which are revoked.

The session cookie is signed, and a copy of it is as good as the original. So a logout is stored on
the server until that session would have expired: a thief can have the copy signed again, but the
start time in it does not change.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import RevokedSession
from storefront.payments.database import Database

MAX_SESSION_AGE = timedelta(days=30)

#: Staff log in again every working day.
STAFF_SESSION_AGE = timedelta(hours=8)

SESSION_KEY = re.compile("[0-9a-f]{32}")


class Sessions:
    """Starts, validates and revokes the login sessions of shoppers and staff."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def start(self) -> dict[str, str | int]:
        """The claims of a new session, to be stored in the cookie."""
        return {"key": secrets.token_hex(16), "since": int(self._now().timestamp())}

    def validate(self, claims: object, *, max_age: timedelta = MAX_SESSION_AGE) -> str | None:
        """The session's key if the claims are well-formed and not expired, else None.

        Whether the session is revoked is checked by the query that loads its account.
        """
        match claims:
            case {"key": str(key), "since": int(since)} if SESSION_KEY.fullmatch(key):
                age = int(self._now().timestamp()) - since
                return key if age < int(max_age.total_seconds()) else None
        return None

    def revoke(self, claims: object) -> None:
        """Revoke the session on the server, and with it every copy of its cookie."""
        key = self.validate(claims)
        if key is None:
            return
        try:
            with self._database.write_session() as session:
                is_expired = RevokedSession.expires_at <= self._now()
                self._database.purge(session.connection(), RevokedSession.core(), is_expired)
                session.merge(RevokedSession(key=key, expires_at=self._now() + MAX_SESSION_AGE))
        except IntegrityError:  # a concurrent logout has revoked it
            return
