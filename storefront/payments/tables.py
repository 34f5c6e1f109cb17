"""The tables of the engine, with the unique indexes that make paying twice impossible.

They live in the host's database under names of their own (`omise_*`). `copy_to` hands them to the
metadata of a host that uses Alembic, so that its next migration keeps them.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

from .database import UtcDateTime
from .event_models import EventStatus
from .statuses import (
    FUNDED,
    UNRESOLVED,
    AttemptStatus,
    DisputeStatus,
    OperationType,
    PaymentStatus,
)

metadata = MetaData()


class Choice(TypeDecorator[StrEnum]):
    """A value of an enum, stored as its plain word, so that a new one needs no change of type."""

    impl = String(32)
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The word that is stored."""
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The value of the enum."""
        return None if value is None else self.choices(value)


payments = Table(
    "omise_payments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("amount", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("livemode", Boolean, nullable=False),
    Column("account", String),
    Column("status", Choice(PaymentStatus), nullable=False),
    Column("return_to", String),
    Column("email", String),
    Column("owner", String),
    Column("created_at", UtcDateTime, nullable=False),
    Column("paid_at", UtcDateTime),
)

attempts = Table(
    "omise_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("payment_id", ForeignKey("omise_payments.id"), nullable=False, index=True),
    Column("key", String, nullable=False, unique=True),
    Column("type", Choice(OperationType), nullable=False),
    Column("method", String, nullable=False),
    Column("status", Choice(AttemptStatus), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("token_digest", String, unique=True),
    Column("charge_id", String, unique=True),
    Column("refund_id", String, unique=True),
    Column("authorize_uri", String),
    Column("qr_uri", String),
    Column("payment_code", String),
    Column("expires_at", UtcDateTime),
    Column("captured_amount", Integer, nullable=False),
    Column("refunded_amount", Integer, nullable=False),
    Column("dispute_id", String),
    Column("dispute_status", Choice(DisputeStatus)),
    Column("disputed_amount", Integer, nullable=False),
    Column("saved_card_id", String),
    Column("reason", String),
    Column("failure_code", String),
    Column("missing_3ds_fields", String),
    Column("authenticated_by", String),
    Column("merchant_advice", String),
    Column("merchant_advice_code", String),
    Column("card_brand", String),
    Column("card_last_digits", String),
    Column("card_fingerprint", String),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("returned_at", UtcDateTime),
    Column("polled_at", UtcDateTime),
    Index("ix_omise_attempts_status_created_at", "status", "created_at"),
)


def _only_where(condition: str) -> dict[str, Any]:
    """A partial index on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _words(values: frozenset[AttemptStatus]) -> str:
    return ", ".join(f"'{value.value}'" for value in sorted(values))


#: One charge at a time: while an attempt is unresolved the database takes no other.
ONE_UNRESOLVED_ATTEMPT = Index(
    "one_unresolved_attempt_per_payment",
    attempts.c.payment_id,
    unique=True,
    **_only_where(f"status IN ({_words(UNRESOLVED)})"),
)

#: A payment is funded by one charge.
ONE_FUNDED_CHARGE = Index(
    "one_funded_charge_per_payment",
    attempts.c.payment_id,
    unique=True,
    **_only_where(f"type = 'charge' AND status IN ({_words(FUNDED)})"),
)

#: Declined cards are counted by fingerprint.
Index(
    "ix_omise_attempts_card_fingerprint",
    attempts.c.card_fingerprint,
    attempts.c.created_at,
    **_only_where("card_fingerprint IS NOT NULL"),
)

transitions = Table(
    "omise_transitions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("payment_id", ForeignKey("omise_payments.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("old", Choice(PaymentStatus), nullable=False),
    Column("new", Choice(PaymentStatus), nullable=False),
    Column("cause", String, nullable=False),
)

disputes = Table(
    "omise_disputes",
    metadata,
    Column("id", String, primary_key=True),
    Column("payment_id", ForeignKey("omise_payments.id"), nullable=False, index=True),
    Column("charge_id", String, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("status", Choice(DisputeStatus), nullable=False, index=True),
    Column("reason_code", String),
    Column("reason", String),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

customers = Table(
    "omise_customers",
    metadata,
    Column("owner", String, primary_key=True),
    Column("livemode", Boolean, primary_key=True),
    Column("account", String, primary_key=True),
    Column("customer_id", String, nullable=False, unique=True),
)

webhook_events = Table(
    "omise_webhook_events",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("charge_id", String, index=True),
    Column("status", Choice(EventStatus), nullable=False),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("processed_at", UtcDateTime),
)

tasks = Table(
    "omise_tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("attempt_count", Integer, nullable=False),
    Column("failure_count", Integer, nullable=False, server_default="0"),
    Column("error", String),
    Column("failed_at", UtcDateTime),
    Column("lease", String(32)),
    UniqueConstraint("kind", "subject", "amount", name="one_task_per_subject"),
    sqlite_autoincrement=True,  # the id of a deleted task is never given to another one
)

heartbeats = Table(
    "omise_heartbeats",
    metadata,
    Column("name", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)


def copy_to(host: MetaData) -> None:
    """Copy the tables into a host's metadata, with plain types that Alembic can render."""
    for name, table in metadata.tables.items():
        if name in host.tables:
            continue
        for column in table.to_metadata(host).columns:
            if isinstance(column.type, TypeDecorator):
                column.type = column.type.impl_instance
