"""Table of the rate-limited actions that are not payments."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import Table, Traced, by_traces
from storefront.payments.database import Utc


class RateLimitedAction(Traced, Table):
    """One attempt to log in, to sign up or to save a card; payments have attempts of their own."""

    __tablename__ = "rate_limited_actions"

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Utc, index=True)
    failed: Mapped[bool]

    __table_args__ = tuple(by_traces("rate_limited_actions"))
