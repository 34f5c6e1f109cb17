"""Accounts of staff, who may use /admin. They are separate from the accounts of shoppers."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from storefront.accounts.emails import comparable_email, normalize_email
from storefront.accounts.models import RevokedSession, Staff
from storefront.accounts.passwords import Passwords, password_error
from storefront.accounts.roles import Role
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

    def create_or_reset(
        self,
        email: str,
        password: str,
        *,
        role: Role | None = None,
        reset_second_factor: bool = False,
    ) -> Staff:
        """Create an account, or set a new password and revoke the sessions of an existing one.

        Args:
            email: of the account.
            password: the new one.
            role: None leaves an existing account its role, and gives a new one all rights.
            reset_second_factor: for who lost the app and the recovery codes.

        Raises:
            InvalidForm: if the email or the password is not acceptable.
        """
        address = normalize_email(email)
        if error := password_error(password, email=address):
            raise InvalidForm({"password": error})
        with self._database.write_session() as session:
            staff = session.scalar(select(Staff).where(Staff.email == address))
            if staff is None:
                staff = Staff(email=address, session_version=0, created_at=self._now())
                staff.role = Role.FINANCE
                session.add(staff)
            if role:
                staff.role = role
            if reset_second_factor:
                staff.remove_second_factor()
            staff.password_hash = self._passwords.hash(password)
            staff.session_version += 1
            return staff

    def all(self) -> list[Staff]:
        """All accounts of staff, by email."""
        with self._database.read_session() as session:
            return list(session.scalars(select(Staff).order_by(Staff.email)))

    def record_login(self, staff_id: int) -> None:
        """Record the time of a login that succeeded."""
        with self._database.write_session() as session:
            session.get_one(Staff, staff_id).last_login_at = self._now()

    def by_id(self, staff_id: int, session_version: int) -> Staff | None:
        """The account, unless its sessions were revoked since."""
        found = select(Staff).where(Staff.id == staff_id, Staff.session_version == session_version)
        with self._database.read_session() as session:
            return session.scalar(found)

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
