"""Log-ins: what a session keeps of one, and which of them ended before their time.

A session is a signed cookie, and a copy of it is as good as the cookie. So a log-out is remembered
here, until that log-in would be too old anyway: whoever has a copy can have it signed anew, but
when its log-in began does not change.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from storefront.models import EndedLogIn
from storefront.payments.database import Database

#: Nobody stays logged in for longer.
LONGEST = timedelta(days=30)

KEY = re.compile("[0-9a-f]{32}")


class LogIns:
    """The log-ins of shoppers and of staff."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def begin(self) -> dict[str, str | int]:
        """What a session keeps of a log-in that begins now."""
        return {"key": secrets.token_hex(16), "since": int(self._now().timestamp())}

    def key_of(self, kept: object, *, longest: timedelta = LONGEST) -> str | None:
        """The key of the log-in that a session kept; None when there is none, or it is too old."""
        match kept:
            case {"key": str(key), "since": int(since)} if KEY.fullmatch(key):
                age = int(self._now().timestamp()) - since
                return key if age < int(longest.total_seconds()) else None
        return None

    def end(self, kept: object) -> None:
        """Have the log-in that a session kept be worth nothing from now on, whoever has a copy."""
        key = self.key_of(kept)
        if key is None:
            return
        try:
            with self._database.writing() as session:
                is_old = EndedLogIn.forget_at <= self._now()
                self._database.forget(session, EndedLogIn.key, is_old)
                session.merge(EndedLogIn(key=key, forget_at=self._now() + LONGEST))
        except IntegrityError:  # another click was as quick, and has ended it
            return
