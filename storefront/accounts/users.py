"""Accounts of shoppers: sign-up, login, change of password."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.accounts.emails import comparable_email, normalize_email
from storefront.accounts.models import RevokedSession, User
from storefront.accounts.notices import schedule_password_notice, schedule_verification
from storefront.accounts.passwords import Passwords, password_error
from storefront.errors import EmailTaken, InvalidForm
from storefront.payments.database import Database
from storefront.payments.i18n import gettext_noop as _

#: The same for a wrong email and a wrong password, so that it tells nothing about either.
INVALID_CREDENTIALS = _("Incorrect email or password.")


class Accounts:
    """The accounts of shoppers."""

    def __init__(
        self, database: Database, passwords: Passwords, *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._now = now

    def sign_up(self, email: str, password: str, *, locale: str = "en") -> User:
        """Create an account, and mail a link that verifies its email.

        Args:
            email: not verified yet.
            password: the owner's choice.
            locale: the language of the mails to its owner.

        Raises:
            InvalidForm: if the email or the password is not acceptable.
            EmailTaken: if there is an account with this email.
        """
        problems = {}
        try:
            email = normalize_email(email)
        except InvalidForm as invalid:
            problems = invalid.problems
        if error := password_error(password, email=email):
            problems["password"] = error
        if problems:
            raise InvalidForm(problems)
        password_hash = self._passwords.hash(password)
        user = User(email=email, password_hash=password_hash, locale=locale, created_at=self._now())
        try:
            with self._database.write_session() as session:
                session.add(user)
                session.flush()
                schedule_verification(session.connection(), user, self._now())
        except IntegrityError:
            raise EmailTaken from None
        return user

    def authenticate(self, email: str, password: str) -> User:
        """The account with this email and password.

        Raises:
            InvalidForm: if there is none; it does not say which of the two is wrong.
        """
        found = select(User).where(User.email == comparable_email(email))
        with self._database.read_session() as session:
            user = session.scalar(found)
        password_hash = user.password_hash if user else None
        if not self._passwords.verify(password_hash, password) or user is None:
            raise InvalidForm({"password": INVALID_CREDENTIALS})
        return user

    def find(self, email: str) -> User | None:
        """The account with this email, as it is stored."""
        with self._database.read_session() as session:
            return session.scalar(select(User).where(User.email == email))

    def get(self, user_id: int) -> User:
        """The account with this id, which exists."""
        with self._database.read_session() as session:
            return session.get_one(User, user_id)

    def find_by_id(self, user_id: int) -> User | None:
        """The account with this id, if it was not deleted."""
        with self._database.read_session() as session:
            return session.get(User, user_id)

    def by_session(self, user_id: int, session_version: int, session_key: str) -> User | None:
        """The account that a session belongs to; None if the session is revoked."""
        found = select(User).where(
            User.id == user_id,
            User.session_version == session_version,
            ~RevokedSession.exists(session_key),
        )
        with self._database.read_session() as session:
            return session.scalar(found)

    def change_password(self, user_id: int, *, old: str, new: str) -> User:
        """Set a new password, revoke every session of the account, and tell its owner by mail.

        Raises:
            InvalidForm: if the old password is wrong, or the new one is not acceptable.
        """
        with self._database.write_session() as session:
            user = session.get_one(User, user_id, with_for_update=True)
            if not self._passwords.verify(user.password_hash, old):
                raise InvalidForm({"old_password": _("Your current password is incorrect.")})
            if error := password_error(new, email=user.email):
                raise InvalidForm({"password": error})
            user.password_hash = self._passwords.hash(new)
            user.session_version += 1
            schedule_password_notice(session.connection(), user, self._now())
            return user

    def revoke_sessions(self, user_id: int) -> User:
        """Revoke every session of the account."""
        with self._database.write_session() as session:
            user = session.get_one(User, user_id, with_for_update=True)
            user.session_version += 1
            return user
