"""Sets a new password for members who forgot theirs, by a link in a mail."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storefront.accounts.emails import normalize_email
from storefront.accounts.links import LinkPurpose, SignedLinks
from storefront.accounts.models import User
from storefront.accounts.notices import schedule_password_notice, schedule_reset
from storefront.accounts.passwords import Passwords, password_error
from storefront.errors import InvalidForm, LinkExpired
from storefront.payments.database import Database


class PasswordRecovery:
    """Links that set a new password. One works once, and for an hour."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        links: SignedLinks,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._links = links
        self._now = now

    def request(self, email: str) -> None:
        """Schedule the mail with the link; the worker finds out whether there is an account.

        So the answer takes equally long, and says the same, for every address.

        Raises:
            InvalidForm: if it is not an email address.
        """
        address = normalize_email(email)
        with self._database.write_session() as session:
            schedule_reset(session.connection(), address, self._now())

    def token_for(self, user: User) -> str:
        """The token of a link for this account."""
        return self._links.sign(LinkPurpose.RESET_PASSWORD, user.id, _state(user))

    def check(self, token: str) -> User:
        """The account whose password the link sets.

        Raises:
            LinkExpired: if it can set none.
        """
        with self._database.read_session() as session:
            return self._user(session, token)

    def reset(self, token: str, password: str) -> None:
        """Set a new password, and revoke every session of the account.

        Who has the link receives mail at the account's address, so that is verified too.

        Raises:
            LinkExpired: if the link cannot set it.
            InvalidForm: if the password is not acceptable.
        """
        with self._database.write_session() as session:
            user = self._user(session, token, lock=True)
            if error := password_error(password, email=user.email):
                raise InvalidForm({"password": error})
            user.password_hash = self._passwords.hash(password)
            user.session_version += 1
            user.email_verified_at = user.email_verified_at or self._now()
            user.pending_email = None
            schedule_password_notice(session.connection(), user, self._now())

    def _user(self, session: Session, token: str, *, lock: bool = False) -> User:
        user_id, state = self._links.read(LinkPurpose.RESET_PASSWORD, token)
        found = select(User).where(User.id == user_id)
        user = session.scalar(found.with_for_update() if lock else found)
        if user is None or state != _state(user):
            raise LinkExpired
        return user


def _state(user: User) -> str:
    """What a new password, a new email or a logout everywhere changes."""
    values = f"{user.password_hash} {user.email} {user.session_version}"
    return hashlib.sha256(values.encode()).hexdigest()[:32]
