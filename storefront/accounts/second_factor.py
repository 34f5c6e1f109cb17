"""The second factor of staff: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

A code counts once, although it is valid for a minute and a half. A recovery code counts once too,
and is stored as a hash.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

import pyotp

from storefront.accounts.models import Staff
from storefront.errors import InvalidForm
from storefront.payments.database import Database
from storefront.payments.i18n import gettext_noop as _

#: Each replaces one lost code of the app.
RECOVERY_CODES = 10

#: A phone's clock may be wrong by one step of 30 seconds.
STEPS_AROUND = (0, -1, 1)

WRONG_CODE = _("This code is wrong or was used already.")


class SecondFactor:
    """Sets up, checks and removes the second factor of staff."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def start(self, staff_id: int) -> str:
        """A new secret for the authenticator app; it counts once `confirm` has seen a code.

        Raises:
            InvalidForm: if there is a second factor already.
        """
        with self._database.write_session() as session:
            staff = session.get_one(Staff, staff_id, with_for_update=True)
            if staff.has_second_factor:
                raise InvalidForm(
                    {"code": _("Remove the second factor before you set up another.")}
                )
            staff.totp_secret = pyotp.random_base32()
            return staff.totp_secret

    def confirm(self, staff_id: int, code: str) -> list[str]:
        """Turn the second factor on: the recovery codes, which are shown this once.

        Raises:
            InvalidForm: if the code is not of the new secret.
        """
        codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
        with self._database.write_session() as session:
            staff = session.get_one(Staff, staff_id, with_for_update=True)
            if staff.has_second_factor:
                raise InvalidForm({"code": WRONG_CODE})
            self._use_step(staff, code)
            staff.totp_confirmed_at = self._now()
            staff.recovery_hashes = " ".join(map(_digest, codes))
        return codes

    def check(self, staff_id: int, code: str) -> bool:
        """Use up a code of the app, or a recovery code: whether it was one of the app.

        Raises:
            InvalidForm: if it is neither, or was used.
        """
        with self._database.write_session() as session:
            staff = session.get_one(Staff, staff_id, with_for_update=True)
            hashes = staff.recovery_hashes.split()
            if (digest := _digest(code)) in hashes:
                staff.recovery_hashes = " ".join(known for known in hashes if known != digest)
                return False
            self._use_step(staff, code)
            return True

    def remove(self, staff_id: int, code: str) -> None:
        """Remove the second factor, at the proof of a last code.

        Raises:
            InvalidForm: as `check` does.
        """
        self.check(staff_id, code)
        with self._database.write_session() as session:
            session.get_one(Staff, staff_id, with_for_update=True).remove_second_factor()

    def _use_step(self, staff: Staff, code: str) -> None:
        """Accept a code of the app, and none of the same or an earlier time any more.

        Raises:
            InvalidForm: if the code is wrong or too old.
        """
        step = _step_of(staff.totp_secret, code, self._now())
        if step is None or step <= staff.totp_last_step:
            raise InvalidForm({"code": WRONG_CODE})
        staff.totp_last_step = step


def _step_of(secret: str | None, code: str, at: datetime) -> int | None:
    """The step of time whose code this is."""
    if secret is None:
        return None
    totp = pyotp.TOTP(secret)
    steps = (totp.timecode(at) + around for around in STEPS_AROUND)
    typed = _plain(code).encode()
    return next(
        (s for s in steps if hmac.compare_digest(totp.generate_otp(s).encode(), typed)), None
    )


def _digest(code: str) -> str:
    return hashlib.sha256(_plain(code).lower().encode()).hexdigest()


def _plain(code: str) -> str:
    return "".join(code.split())
