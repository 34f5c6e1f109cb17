"""Tables of users, staff, and revoked sessions."""

from datetime import datetime

from sqlalchemy import Exists, exists
from sqlalchemy.orm import Mapped, mapped_column

from storefront.accounts.roles import Role
from storefront.orm import Base
from storefront.payments.database import UtcDateTime
from storefront.payments.tables import Choice


class User(Base):
    """A shopper with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    #: When its owner proved to receive mail at this address.
    email_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The address that the account changes to once it is verified.
    pending_email: Mapped[str | None]
    password_hash: Mapped[str]
    #: Incremented to revoke every session of the account.
    session_version: Mapped[int] = mapped_column(default=0)
    #: The language in which it was opened; mails to its owner are written in it.
    locale: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    #: The id of a deleted account is never given to another one.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy wants it

    @property
    def verified_email(self) -> str | None:
        """The email, if it is verified."""
        return self.email if self.email_verified_at else None


class Staff(Base):
    """A member of staff, who may use /admin. Never a shopper's account."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(Choice(Role))
    password_hash: Mapped[str]
    #: Incremented to revoke every session of the account.
    session_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The secret of the authenticator app, and when a first code of it was seen.
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The step of time of the last code, which no later login may use again.
    totp_last_step: Mapped[int] = mapped_column(default=0)
    #: The hashes of the recovery codes that are left, with spaces between.
    recovery_hashes: Mapped[str] = mapped_column(default="")

    @property
    def has_second_factor(self) -> bool:
        """Whether logging in takes a code besides the password."""
        return self.totp_confirmed_at is not None

    def remove_second_factor(self) -> None:
        """Let the password be enough again."""
        self.totp_secret = self.totp_confirmed_at = None
        self.recovery_hashes = ""


class RevokedSession(Base):
    """A session that was ended before its time; copies of its cookie are rejected."""

    __tablename__ = "revoked_sessions"

    key: Mapped[str] = mapped_column(primary_key=True)
    #: When the session expires in any case; the row is deleted afterwards.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    @classmethod
    def exists(cls, key: str) -> Exists:
        """SQL condition: the session with that key is revoked."""
        return exists().where(cls.key == key)
