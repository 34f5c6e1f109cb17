"""Table of the CSP reports."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storefront.orm import Base
from storefront.payments.database import UtcDateTime


class CspReport(Base):
    """How often browsers blocked one resource on one kind of page."""

    __tablename__ = "csp_reports"

    directive: Mapped[str] = mapped_column(primary_key=True)
    blocked: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
