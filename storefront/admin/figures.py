"""The headline figures of a day."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.money import Money
from storefront.payments.statuses import FAILED, FUNDED, AttemptStatus, OperationType

_ATTEMPTS = tables.attempts.c


@dataclass(frozen=True, slots=True)
class Headline:
    """The payments that started in a period."""

    #: What was captured of them, before refunds.
    revenue: Money
    paid: int
    #: Paid or authorized, and failed.
    succeeded: int
    failed: int

    @property
    def success_rate(self) -> int | None:
        """Succeeded payments in percent of all that ended; None when none ended."""
        ended = self.succeeded + self.failed
        return round(100 * self.succeeded / ended) if ended else None


def headline(database: Database, since: datetime, until: datetime, currency: str) -> Headline:
    """The headline figures of a period, for payments in one currency."""
    by_status = (
        select(_ATTEMPTS.status, func.count(), func.sum(_ATTEMPTS.captured_amount))
        .where(
            _ATTEMPTS.status.in_(sorted(FUNDED | FAILED)),
            _ATTEMPTS.created_at >= since,
            _ATTEMPTS.created_at < until,
            _ATTEMPTS.type == OperationType.CHARGE,
            _ATTEMPTS.currency == currency,
        )
        .group_by(_ATTEMPTS.status)
    )
    with database.connect() as connection:
        rows = connection.execute(by_status).all()
    counts = Counter({status: count for status, count, _ in rows})
    return Headline(
        revenue=Money(sum(int(captured) for _, _, captured in rows), currency),
        paid=counts[AttemptStatus.SUCCEEDED],
        succeeded=sum(counts[status] for status in FUNDED),
        failed=sum(counts[status] for status in FAILED),
    )
