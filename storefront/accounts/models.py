"""Tables of users, staff, and revoked sessions."""

from datetime import datetime

from sqlalchemy import Exists, exists
from sqlalchemy.orm import Mapped, mapped_column

from storefront.orm import Base
from storefront.payments.database import UtcDateTime


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
    password_hash: Mapped[str]
    #: Incremented to revoke every session of the account.
    session_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
