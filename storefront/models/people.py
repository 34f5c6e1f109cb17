"""Shoppers with an account, staff, and what is remembered of who tries to get in."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import Exists, ForeignKey, String, exists
from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import Table, Traced, by_traces
from storefront.payments.database import Utc


class User(UserMixin, Table):  # type: ignore[misc]  # flask-login has no types
    """A shopper with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    #: Grows when every session of the account is to end.
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Utc)

    def get_id(self) -> str:
        """What a session keeps of the account; of no use once the epoch has grown."""
        return f"{self.id}.{self.epoch}"


class OmiseCustomer(Table):
    """The customer at Omise who keeps a shopper's cards; test and live know different ones."""

    __tablename__ = "omise_customers"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    livemode: Mapped[bool] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(unique=True)


class Staff(Table):
    """Somebody who works in the back office; never a shopper's account."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc)


class EndedLogIn(Table):
    """A log-in that somebody ended by logging out, so that a copy of its cookie opens nothing."""

    __tablename__ = "ended_log_ins"

    key: Mapped[str] = mapped_column(primary_key=True)
    #: When it would be too old anyway.
    forget_at: Mapped[datetime] = mapped_column(Utc, index=True)

    @classmethod
    def has(cls, key: str) -> Exists:
        """Whether the log-in with that key is among them."""
        return exists().where(cls.key == key)


class Try(Traced, Table):
    """One try to log in, to sign up or to save a card; tries to pay are attempts."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Utc, index=True)
    failed: Mapped[bool]

    __table_args__ = tuple(by_traces("tries"))
