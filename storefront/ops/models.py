"""Table of the CSP reports."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import Table
from storefront.payments.database import Utc


class CspReport(Table):
    """How often browsers blocked one resource on one kind of page."""

    __tablename__ = "csp_reports"

    directive: Mapped[str] = mapped_column(primary_key=True)
    blocked: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Utc)
