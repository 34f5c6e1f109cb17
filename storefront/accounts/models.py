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
    password_hash: Mapped[str]
    #: Incremented to revoke every session of the account.
    session_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
