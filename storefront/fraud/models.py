"""Tables of payers: of payment attempts, and of the rate-limited actions that are not payments."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storefront.orm import Base
from storefront.payments.database import UtcDateTime


class PayerIdentifiersMixin:
    """The columns of a payer's identifiers; None for each that is not known."""

    account: Mapped[str | None]
    session_key: Mapped[str | None]
    network: Mapped[str | None]
    email: Mapped[str | None]


def payer_indexes(table: str) -> tuple[Index, ...]:
    """Partial indexes over non-null payer identifiers."""
    return tuple(
        Index(
            f"ix_{table}_{name}",
            name,
            "created_at",
            sqlite_where=text(f"{name} IS NOT NULL"),
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
        for name in PayerIdentifiersMixin.__annotations__
    )


class AttemptPayer(PayerIdentifiersMixin, Base):
    """Who made a payment attempt; its result is in the table of the engine."""

    __tablename__ = "attempt_payers"

    attempt_key: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = payer_indexes("attempt_payers")


class RateLimitedAction(PayerIdentifiersMixin, Base):
    """One attempt to log in, to sign up or to save a card."""

    __tablename__ = "rate_limited_actions"

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failed: Mapped[bool]

    __table_args__ = payer_indexes("rate_limited_actions")
