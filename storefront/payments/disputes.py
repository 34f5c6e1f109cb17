"""The disputes of charges: written with the charge that shows them, read for staff."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.engine import Connection

from . import tables
from .database import Database
from .dispute_models import PaymentDispute
from .models import Payment
from .omise import Dispute
from .statuses import UNDECIDED, DisputeStatus

_DISPUTES, _PAYMENTS = tables.disputes, tables.payments

_ALL = (
    select(_DISPUTES, _PAYMENTS.c.reference)
    .join(_PAYMENTS, _PAYMENTS.c.id == _DISPUTES.c.payment_id)
    .order_by(_DISPUTES.c.created_at, _DISPUTES.c.id)
)
_UPDATE = update(_DISPUTES).where(_DISPUTES.c.id == bindparam("dispute_id"))


def record_dispute(connection: Connection, payment: Payment, dispute: Dispute) -> PaymentDispute:
    """Write a dispute as it was just read; the caller has locked its payment."""
    values: dict[str, Any] = {
        "charge_id": dispute.charge_id,
        "amount": dispute.amount,
        "currency": dispute.currency,
        "status": DisputeStatus(dispute.status),
        "reason_code": dispute.reason_code,
        "reason": dispute.reason,
        "created_at": dispute.created_at,
        "closed_at": dispute.closed_at,
    }
    if connection.execute(_UPDATE, {**values, "dispute_id": dispute.id}).rowcount == 0:
        row = {**values, "id": dispute.id, "payment_id": payment.id}
        connection.execute(insert(_DISPUTES), row)
    return PaymentDispute(id=dispute.id, reference=payment.reference, **values)


class Disputes:
    """Reads the disputes of one database, the oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, dispute_id: str) -> PaymentDispute | None:
        """The dispute with that id, or None."""
        return next(iter(self._read(_ALL.where(_DISPUTES.c.id == dispute_id))), None)

    def of(self, reference: str) -> list[PaymentDispute]:
        """The disputes of a payment."""
        return self._read(_ALL.where(_PAYMENTS.c.reference == reference))

    def undecided(self, *, livemode: bool) -> list[PaymentDispute]:
        """The disputes of that mode on which the bank has not decided."""
        is_undecided = _DISPUTES.c.status.in_(sorted(UNDECIDED))
        return self._read(_ALL.where(is_undecided, _PAYMENTS.c.livemode == livemode))

    def counts(self) -> Counter[DisputeStatus]:
        """How many disputes there are in each status."""
        grouped = select(_DISPUTES.c.status, func.count()).group_by(_DISPUTES.c.status)
        with self._database.connect() as connection:
            return Counter({row.status: int(row[1]) for row in connection.execute(grouped)})

    def _read(self, statement: Select[Any]) -> list[PaymentDispute]:
        with self._database.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(statement)]
        return [
            PaymentDispute(**{name: value for name, value in row.items() if name != "payment_id"})
            for row in rows
        ]
