"""How much a member of staff may refund within a day, by role."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storefront.accounts.models import Staff
from storefront.accounts.roles import Role
from storefront.admin.models import RefundGrant
from storefront.errors import InvalidForm
from storefront.payments.database import Database
from storefront.payments.i18n import gettext_noop as _
from storefront.payments.money import Money

DAY = timedelta(days=1)


class RefundLimits:
    """Checks and counts the refunds of each member of staff.

    Args:
        database: where they are counted.
        limits: of each role, in the smallest unit of a currency; None for no limit.
        now: the clock.
    """

    def __init__(
        self, database: Database, limits: Mapping[Role, int | None], *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._limits = limits
        self._now = now

    def check(self, staff: Staff, amount: Money) -> None:
        """Raise if this refund is more than the member of staff may refund now.

        Raises:
            InvalidForm: with what is left.
        """
        with self._database.read_session() as session:
            self._check(session, staff, amount)

    def count(self, staff: Staff, amount: Money, idempotency_key: str) -> None:
        """Check a refund and count it, before it is made. The same click counts once.

        A refund that Omise then refuses goes on counting.

        Raises:
            InvalidForm: as `check` does.
        """
        with self._database.write_session() as session:
            self._database.advisory_lock(session.connection(), [f"refunds {staff.email}"])
            if session.get(RefundGrant, idempotency_key):
                return
            self._check(session, staff, amount)
            session.add(
                RefundGrant(
                    idempotency_key=idempotency_key,
                    actor=staff.email,
                    amount=amount.amount,
                    currency=amount.currency,
                    at=self._now(),
                )
            )

    def _check(self, session: Session, staff: Staff, amount: Money) -> None:
        limit = self._limits.get(staff.role, 0)
        if limit is None:
            return
        counted = select(func.coalesce(func.sum(RefundGrant.amount), 0)).where(
            RefundGrant.actor == staff.email,
            RefundGrant.currency == amount.currency,
            RefundGrant.at > self._now() - DAY,
        )
        left = max(0, limit - int(session.scalar(counted) or 0))
        if amount.amount > left:
            money = Money(left, amount.currency).format("en")
            problem = _("You may refund %(left)s more today. Ask finance for more.", left=money)
            raise InvalidForm({"amount": problem})
