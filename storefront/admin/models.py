"""Table of the audit log."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storefront.orm import Base
from storefront.payments.database import UtcDateTime


class AuditEntry(Base):
    """One action of staff."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: The email of the member of staff.
    actor: Mapped[str]
    action: Mapped[str]
    order_number: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[str]


class RefundGrant(Base):
    """A refund that counts towards the daily limit of a member of staff."""

    __tablename__ = "refund_grants"

    #: Of the click; sent twice, it counts once.
    idempotency_key: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(index=True)
    amount: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
