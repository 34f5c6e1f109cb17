"""Table of the audit log."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import Table
from storefront.payments.database import Utc


class AuditEntry(Table):
    """One action of staff."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    #: The email of the member of staff.
    actor: Mapped[str]
    action: Mapped[str]
    order_number: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[str]
