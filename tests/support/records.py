"""Rows of the engine, made and read by tests directly."""

from sqlalchemy import MetaData, select

import storefront.container  # noqa: F401 - registers all tables of the shop
from storefront.orm import Base
from storefront.payments import tables
from storefront.payments.models import Payment, PaymentAttempt
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import OperationType

MUG = 39000


def all_tables() -> MetaData:
    """The tables of the engine and of the shop."""
    together = MetaData()
    for metadata in (tables.metadata, Base.metadata):
        for table in metadata.sorted_tables:
            table.to_metadata(together)
    return together


def a_payment(created_at, *attempts, reference="A1", **values):
    """A payment of one mug with attempts, each a type and a status, or a status; not saved."""
    given = {"amount": MUG, "currency": "THB", "livemode": False, **values}
    payment = Payment(reference=reference, created_at=created_at, **given)
    for attempt in attempts:
        type_, status = attempt if isinstance(attempt, tuple) else (OperationType.CHARGE, attempt)
        payment.attempts.append(
            PaymentAttempt(
                payment=payment,
                type=type_,
                status=status,
                amount=payment.amount,
                currency=payment.currency,
                created_at=created_at,
            )
        )
    return payment


def save(database, payment):
    """Save a payment with all of its attempts."""
    with database.transaction() as connection:
        PaymentRepository.save(connection, payment, *payment.attempts)
    return payment


def event_statuses(database):
    """Webhook id → status."""
    table = tables.webhook_events
    with database.connect() as connection:
        return {row.id: row.status for row in connection.execute(select(table))}
