"""Accounts of staff, who may use /admin. They are separate from the accounts of shoppers."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from storefront.accounts.emails import comparable_email, normalize_email
from storefront.accounts.models import RevokedSession, Staff
from storefront.accounts.passwords import Passwords, password_error
from storefront.accounts.users import INVALID_CREDENTIALS
from storefront.errors import InvalidForm
from storefront.payments.database import Database


class StaffAccounts:
    """The accounts of staff; only `flask --app app create-staff` creates one."""

    def __init__(
        self, database: Database, passwords: Passwords, *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._now = now

    def create_or_reset(self, email: str, password: str) -> None:
        """Create an account, or set a new password and revoke the sessions of an existing one.

        Raises:
            InvalidForm: if the email or the password is not acceptable.
        """
        address = normalize_email(email)
        if error := password_error(password):
            raise InvalidForm({"password": error})
        with self._database.write_session() as session:
            staff = session.scalar(select(Staff).where(Staff.email == address))
            if staff is None:
                staff = Staff(email=address, session_version=0, created_at=self._now())
                session.add(staff)
            staff.password_hash = self._passwords.hash(password)
            staff.session_version += 1

    def authenticate(self, email: str, password: str) -> Staff:
        """The account with this email and password.

        Raises:
            InvalidForm: if there is none; it does not say which of the two is wrong.
        """
        with self._database.read_session() as session:
            staff = session.scalar(select(Staff).where(Staff.email == comparable_email(email)))
        password_hash = staff.password_hash if staff else None
        if not self._passwords.verify(password_hash, password) or staff is None:
            raise InvalidForm({"password": INVALID_CREDENTIALS})
        return staff

    def by_session(self, staff_id: int, session_version: int, session_key: str) -> Staff | None:
        """The account that a session belongs to; None if the session is revoked."""
        found = select(Staff).where(
            Staff.id == staff_id,
            Staff.session_version == session_version,
            ~RevokedSession.exists(session_key),
        )
        with self._database.read_session() as session:
            return session.scalar(found)
