"""Proves that a member receives mail at an address, before it counts as theirs."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from storefront.accounts.emails import normalize_email
from storefront.accounts.links import LinkPurpose, SignedLinks
from storefront.accounts.models import User
from storefront.accounts.notices import AccountMail, schedule_farewell, schedule_verification
from storefront.accounts.passwords import Passwords
from storefront.errors import InvalidForm, LinkExpired
from storefront.payments.database import Database
from storefront.payments.i18n import gettext_noop as _

WRONG_PASSWORD = _("Your current password is incorrect.")


class EmailVerification:
    """Links that verify the email of an account, or move the account to a new one.

    A link works only for the member it was made for, who must be logged in: an attacker who signed
    up with the address of another person gains nothing when that person follows the link.
    """

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

    def request(self, user_id: int) -> None:
        """Schedule another mail with a link."""
        with self._database.write_session() as session:
            user = session.get_one(User, user_id)
            schedule_verification(session.connection(), user, self._now())

    def request_change(self, user_id: int, *, email: str, password: str) -> None:
        """Schedule a mail to the new address; until its link is followed, nothing changes.

        Whether the address has another account is not said.

        Raises:
            InvalidForm: if it is no email address, or the password is wrong.
        """
        address = normalize_email(email)
        with self._database.write_session() as session:
            user = session.get_one(User, user_id, with_for_update=True)
            if not self._passwords.verify(user.password_hash, password):
                raise InvalidForm({"current_password": WRONG_PASSWORD})
            user.pending_email = address if address != user.email else None
            schedule_verification(session.connection(), user, self._now())

    def token_for(self, user: User) -> str:
        """The token of a link for the address that the account has, or changes to."""
        address = user.pending_email or user.email
        return self._links.sign(LinkPurpose.VERIFY_EMAIL, user.id, address)

    def check(self, token: str, user_id: int) -> str:
        """The address that the link verifies for this member.

        Raises:
            LinkExpired: if it verifies none.
        """
        owner, address = self._links.read(LinkPurpose.VERIFY_EMAIL, token)
        with self._database.read_session() as session:
            user = session.get(User, user_id)
        if user is None or owner != user_id or address not in {user.email, user.pending_email}:
            raise LinkExpired
        return str(address)

    def confirm(self, token: str, user_id: int) -> User:
        """Mark the address as verified; a new one replaces the old one and ends all sessions.

        Raises:
            LinkExpired: if the link verifies none for this member, or it has another account now.
        """
        address = self.check(token, user_id)
        try:
            with self._database.write_session() as session:
                user = session.get_one(User, user_id, with_for_update=True)
                if address == user.pending_email:
                    old, user.email, user.pending_email = user.email, address, None
                    user.session_version += 1
                    schedule_farewell(
                        session.connection(),
                        AccountMail.EMAIL_CHANGED,
                        old,
                        user.locale,
                        self._now(),
                    )
                elif address != user.email:
                    raise LinkExpired
                user.email_verified_at = self._now()
        except IntegrityError:
            raise LinkExpired from None
        return user
