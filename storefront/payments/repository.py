"""Reads and saves payments, attempts and transitions; the only module that does.

Statements are built once. A payment read under its lock comes with all of its attempts. `save`
writes new rows whole and of known rows only the columns that changed since they were read.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    case,
    false,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection

from . import tables
from .database import Database
from .errors import PaymentNotFound
from .models import Payment, PaymentAttempt, PaymentTransition, Record
from .prepared import Prepared

_PAYMENTS, _ATTEMPTS = tables.payments, tables.attempts

#: The table of each kind of record.
TABLES: Mapping[type[Record], Table] = {
    Payment: _PAYMENTS,
    PaymentAttempt: _ATTEMPTS,
    PaymentTransition: tables.transitions,
}

_BY_REFERENCE = select(_PAYMENTS).where(_PAYMENTS.c.reference == bindparam("value"))
_BY_ATTEMPT = select(_PAYMENTS).join(_ATTEMPTS).where(_ATTEMPTS.c.key == bindparam("value"))
_BY_CHARGE = select(_PAYMENTS).join(_ATTEMPTS).where(_ATTEMPTS.c.charge_id == bindparam("value"))
_HAS_CHARGE = _ATTEMPTS.c.charge_id == bindparam("value")
_BY_CHARGE_OR_KEY = (
    select(_PAYMENTS)
    .join(_ATTEMPTS)
    .where(or_(_HAS_CHARGE, _ATTEMPTS.c.key == bindparam("key")))
    .order_by(case((_HAS_CHARGE, 0), else_=1))
    .limit(1)
)
#: Writes nothing, and takes SQLite's write lock like every statement that writes.
_TAKE_WRITE_LOCK = Prepared(update(_PAYMENTS).where(false()).values(id=_PAYMENTS.c.id))
_FIND_BY_REFERENCE = Prepared(_BY_REFERENCE)
_FIND_BY_ATTEMPT = Prepared(_BY_ATTEMPT)
_FIND_BY_CHARGE = Prepared(_BY_CHARGE)
_LOCK_BY_REFERENCE = Prepared(_BY_REFERENCE.with_for_update())
_LOCK_BY_ATTEMPT = Prepared(_BY_ATTEMPT.with_for_update(of=_PAYMENTS))
_LOCK_BY_CHARGE_OR_KEY = Prepared(_BY_CHARGE_OR_KEY.with_for_update(of=_PAYMENTS))
_ATTEMPTS_OF = Prepared(
    select(_ATTEMPTS)
    .where(_ATTEMPTS.c.payment_id == bindparam("payment_id"))
    .order_by(_ATTEMPTS.c.id)
)
_PAYMENT_OF_TOKEN = Prepared(
    select(_ATTEMPTS.c.payment_id).where(_ATTEMPTS.c.token_digest == bindparam("digest"))
)
_ATTEMPT_ID = Prepared(select(_ATTEMPTS.c.id).where(_ATTEMPTS.c.key == bindparam("key")))

#: A statement that joins thousands of rows is planned by PostgreSQL for a few of them, and slow,
#: until it has analyzed the table; rows by their ids are found by an index at any time.
IDS_AT_ONCE = 500


class PaymentRepository:
    """The payments of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Reading

    def find(self, reference: str) -> Payment | None:
        """The payment with that reference, or None."""
        with self._database.connect() as connection:
            return _load(connection, _FIND_BY_REFERENCE, reference)

    def get(self, reference: str) -> Payment:
        """The payment with that reference.

        Raises:
            PaymentNotFound: when there is none.
        """
        payment = self.find(reference)
        if payment is None:
            raise PaymentNotFound(reference)
        return payment

    def get_locked(self, reference: str) -> Payment:
        """The payment with that reference and its attempts, as one transaction left them.

        Raises:
            PaymentNotFound: when there is none.
        """
        with self._database.transaction() as connection:
            payment = self.lock_by_reference(connection, reference)
        if payment is None:
            raise PaymentNotFound(reference)
        return payment

    def find_attempt(self, key: str) -> PaymentAttempt | None:
        """The attempt with that key, with its payment."""
        with self._database.connect() as connection:
            payment = _load(connection, _FIND_BY_ATTEMPT, key)
        return payment.attempt(key) if payment else None

    def find_by_charge(self, charge_id: str) -> Payment | None:
        """The payment whose attempt created that charge."""
        with self._database.connect() as connection:
            return _load(connection, _FIND_BY_CHARGE, charge_id)

    def attempts_between(
        self, since: datetime, until: datetime, *, livemode: bool
    ) -> list[PaymentAttempt]:
        """The attempts of a period in that mode, the oldest first, with their payments."""
        in_period = _ATTEMPTS.c.created_at.between(since, until)
        with self._database.connect() as connection:
            payments = _load_all(connection, _PAYMENTS.c.livemode == livemode, in_period)
        attempts = [attempt for payment in payments for attempt in payment.attempts]
        chosen = [attempt for attempt in attempts if since <= attempt.created_at <= until]
        return sorted(chosen, key=lambda attempt: attempt.id or 0)

    # Under the lock of the payment's row

    @staticmethod
    def lock_sqlite(connection: Connection) -> None:
        """Let no other transaction write to SQLite, which has no locks of rows.

        A transaction of `Database` has that lock from its start; a host's own gets it here.

        Raises:
            OperationalError: another holds the lock, or has written since this one began to read.
        """
        if connection.dialect.name == "sqlite":
            _TAKE_WRITE_LOCK.run(connection)

    @staticmethod
    def lock_by_reference(connection: Connection, reference: str) -> Payment | None:
        """Lock the payment with that reference; its attempts are read under the lock."""
        return _load(connection, _LOCK_BY_REFERENCE, reference)

    @staticmethod
    def lock_by_attempt(connection: Connection, key: str) -> Payment | None:
        """Lock the payment of the attempt with that key."""
        return _load(connection, _LOCK_BY_ATTEMPT, key)

    @staticmethod
    def lock_by_charge(
        connection: Connection, charge_id: str, key: str | None = None
    ) -> Payment | None:
        """Lock the payment whose attempt created that charge.

        If there is none, lock the payment of the attempt with that key.
        """
        return _load(connection, _LOCK_BY_CHARGE_OR_KEY, charge_id, key=key)

    @staticmethod
    def payment_id_of_token(connection: Connection, digest: str) -> int | None:
        """The id of the payment for which the token with that digest was sent before."""
        found = _PAYMENT_OF_TOKEN.first(connection, {"digest": digest})
        return int(found.payment_id) if found else None

    @staticmethod
    def has_attempt(connection: Connection, key: str) -> bool:
        """Whether any payment has an attempt with that key."""
        return _ATTEMPT_ID.first(connection, {"key": key}) is not None

    @staticmethod
    def save(
        connection: Connection, payment: Payment, *parts: PaymentAttempt | PaymentTransition
    ) -> None:
        """Save the payment if it is new or has changed, then attempts and transitions of it."""
        _save(connection, payment)
        for part in parts:
            if isinstance(part, PaymentTransition):
                part.payment_id = payment.id
            _save(connection, part)


def _load(
    connection: Connection, statement: Prepared, value: str, **more: str | None
) -> Payment | None:
    row = statement.first(connection, {"value": value, **more})
    if row is None:
        return None
    payment = _payment(row._asdict())
    for found in _ATTEMPTS_OF.all(connection, {"payment_id": payment.id}):
        payment.attempts.append(_attempt(found._asdict(), payment))
    return payment


def _load_all(
    connection: Connection, of_payments: ColumnElement[bool], of_attempts: ColumnElement[bool]
) -> list[Payment]:
    """Payments with an attempt that matches, each with all of its attempts."""
    ids = connection.scalars(select(_ATTEMPTS.c.payment_id).where(of_attempts).distinct()).all()
    payments: dict[int, Payment] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        wanted = select(_PAYMENTS).where(of_payments, _PAYMENTS.c.id.in_(some))
        for row in connection.execute(wanted):
            payments[row.id] = _payment(dict(row._mapping))
        theirs = select(_ATTEMPTS).where(_ATTEMPTS.c.payment_id.in_(some)).order_by(_ATTEMPTS.c.id)
        for row in connection.execute(theirs):
            if payment := payments.get(row.payment_id):
                payment.attempts.append(_attempt(dict(row._mapping), payment))
    return list(payments.values())


def _payment(values: dict[str, Any]) -> Payment:
    return Payment(**values, stored=values)


def _attempt(values: dict[str, Any], payment: Payment) -> PaymentAttempt:
    fields = {name: value for name, value in values.items() if name != "payment_id"}
    return PaymentAttempt(payment=payment, **fields, stored=values)


def _values(record: Record, table: Table) -> dict[str, Any]:
    """The columns of a record but for its id."""
    names = _columns(table)
    values = {name: getattr(record, name) for name in names if name != "payment_id"}
    if isinstance(record, PaymentAttempt):
        values["payment_id"] = record.payment.id
    elif isinstance(record, PaymentTransition):
        values["payment_id"] = record.payment_id
    return values


def _save(connection: Connection, record: Record) -> None:
    table = TABLES[type(record)]
    values = _values(record, table)
    if record.id is None:
        record.id = _insert(table).first(connection, values).id
    else:
        stored = record.stored
        changed = {name: value for name, value in values.items() if value != stored.get(name)}
        if changed:
            statement = _update(table, tuple(sorted(changed)))
            statement.run(connection, {**changed, "row_id": record.id})
    record.stored = values


@cache
def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name != "id")


@cache
def _insert(table: Table) -> Prepared:
    return Prepared.insert(table, _columns(table), returns_id=True)


@cache
def _update(table: Table, names: tuple[str, ...]) -> Prepared:
    """The statement that writes these columns of one row."""
    return Prepared(
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(name) for name in names})
    )
