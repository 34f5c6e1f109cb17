"""The tables of the engine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "omise_customers",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "livemode", "account"),
        sa.UniqueConstraint("customer_id"),
    )
    op.create_table(
        "omise_heartbeats",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "omise_payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("return_to", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    op.create_table(
        "omise_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("failure_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject", "amount", name="one_task_per_subject"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_omise_tasks_due_at"), "omise_tasks", ["due_at"], unique=False)
    op.create_table(
        "omise_webhook_events",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("charge_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_omise_webhook_events_charge_id"),
        "omise_webhook_events",
        ["charge_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_omise_webhook_events_received_at"),
        "omise_webhook_events",
        ["received_at"],
        unique=False,
    )
    op.create_table(
        "omise_disputes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("charge_id", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["omise_payments.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_omise_disputes_payment_id"), "omise_disputes", ["payment_id"], unique=False
    )
    op.create_index(op.f("ix_omise_disputes_status"), "omise_disputes", ["status"], unique=False)
    op.create_table(
        "omise_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=True),
        sa.Column("charge_id", sa.String(), nullable=True),
        sa.Column("refund_id", sa.String(), nullable=True),
        sa.Column("authorize_uri", sa.String(), nullable=True),
        sa.Column("qr_uri", sa.String(), nullable=True),
        sa.Column("payment_code", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("captured_amount", sa.Integer(), nullable=False),
        sa.Column("refunded_amount", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.String(), nullable=True),
        sa.Column("dispute_status", sa.String(length=32), nullable=True),
        sa.Column("disputed_amount", sa.Integer(), nullable=False),
        sa.Column("saved_card_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("missing_3ds_fields", sa.String(), nullable=True),
        sa.Column("authenticated_by", sa.String(), nullable=True),
        sa.Column("merchant_advice", sa.String(), nullable=True),
        sa.Column("merchant_advice_code", sa.String(), nullable=True),
        sa.Column("card_brand", sa.String(), nullable=True),
        sa.Column("card_last_digits", sa.String(), nullable=True),
        sa.Column("card_fingerprint", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["omise_payments.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("charge_id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("refund_id"),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index(
        "ix_omise_attempts_card_fingerprint",
        "omise_attempts",
        ["card_fingerprint", "created_at"],
        unique=False,
        sqlite_where=sa.text("card_fingerprint IS NOT NULL"),
        postgresql_where=sa.text("card_fingerprint IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_omise_attempts_created_at"), "omise_attempts", ["created_at"], unique=False
    )
    op.create_index(
        op.f("ix_omise_attempts_payment_id"), "omise_attempts", ["payment_id"], unique=False
    )
    op.create_index(
        "ix_omise_attempts_status_created_at",
        "omise_attempts",
        ["status", "created_at"],
        unique=False,
    )
    op.create_index(
        "one_funded_charge_per_payment",
        "omise_attempts",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("type = 'charge' AND status IN ('authorized', 'succeeded')"),
        postgresql_where=sa.text("type = 'charge' AND status IN ('authorized', 'succeeded')"),
    )
    op.create_index(
        "one_unresolved_attempt_per_payment",
        "omise_attempts",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('pending', 'started', 'unknown')"),
        postgresql_where=sa.text("status IN ('pending', 'started', 'unknown')"),
    )
    op.create_table(
        "omise_transitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old", sa.String(length=32), nullable=False),
        sa.Column("new", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["omise_payments.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_omise_transitions_payment_id"), "omise_transitions", ["payment_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_omise_transitions_payment_id"), table_name="omise_transitions")
    op.drop_table("omise_transitions")
    op.drop_index(
        "one_unresolved_attempt_per_payment",
        table_name="omise_attempts",
        sqlite_where=sa.text("status IN ('pending', 'started', 'unknown')"),
        postgresql_where=sa.text("status IN ('pending', 'started', 'unknown')"),
    )
    op.drop_index(
        "one_funded_charge_per_payment",
        table_name="omise_attempts",
        sqlite_where=sa.text("type = 'charge' AND status IN ('authorized', 'succeeded')"),
        postgresql_where=sa.text("type = 'charge' AND status IN ('authorized', 'succeeded')"),
    )
    op.drop_index("ix_omise_attempts_status_created_at", table_name="omise_attempts")
    op.drop_index(op.f("ix_omise_attempts_payment_id"), table_name="omise_attempts")
    op.drop_index(op.f("ix_omise_attempts_created_at"), table_name="omise_attempts")
    op.drop_index(
        "ix_omise_attempts_card_fingerprint",
        table_name="omise_attempts",
        sqlite_where=sa.text("card_fingerprint IS NOT NULL"),
        postgresql_where=sa.text("card_fingerprint IS NOT NULL"),
    )
    op.drop_table("omise_attempts")
    op.drop_index(op.f("ix_omise_webhook_events_received_at"), table_name="omise_webhook_events")
    op.drop_index(op.f("ix_omise_webhook_events_charge_id"), table_name="omise_webhook_events")
    op.drop_table("omise_webhook_events")
    op.drop_index(op.f("ix_omise_tasks_due_at"), table_name="omise_tasks")
    op.drop_table("omise_tasks")
    op.drop_index(op.f("ix_omise_disputes_status"), table_name="omise_disputes")
    op.drop_index(op.f("ix_omise_disputes_payment_id"), table_name="omise_disputes")
    op.drop_table("omise_disputes")
    op.drop_table("omise_payments")
    op.drop_table("omise_heartbeats")
    op.drop_table("omise_customers")
