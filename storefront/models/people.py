"""What is remembered of shoppers: their customer at Omise, and their tries."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import Table, Traced, by_traces
from storefront.payments.database import UtcDateTime


class OmiseCustomer(Base):
    """The customer at Omise who keeps a shopper's cards; test and live know different ones."""

    __tablename__ = "omise_customers"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    livemode: Mapped[bool] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(unique=True)


class Try(Traced, Table):
    """One try to log in, to sign up or to save a card; tries to pay are attempts."""

    __tablename__ = "tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failed: Mapped[bool]

    __table_args__ = tuple(by_traces("tries"))
