"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STATE = sa.String(32)

#: In the order in which they can be dropped.
TABLES = (
    "tasks",
    "webhook_events",
    "attempts",
    "order_lines",
    "orders",
    "omise_customers",
    "users",
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String, nullable=False, unique=True),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "omise_customers",
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("livemode", sa.Boolean, primary_key=True),
        sa.Column("customer_id", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String, nullable=False, unique=True),
        sa.Column("cart_key", sa.String, unique=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), index=True),
        sa.Column("email", sa.String),
        sa.Column("status", STATE, nullable=False, index=True),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("livemode", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False, index=True),
        sa.Column("paid_at", TIME),
    )
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("order_id", sa.Integer, sa.ForeignKey("orders.id"), nullable=False, index=True),
        sa.Column("sku", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("order_id", sa.Integer, sa.ForeignKey("orders.id"), nullable=False, index=True),
        sa.Column("kind", STATE, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("token_digest", sa.String, unique=True),
        sa.Column("charge_id", sa.String, unique=True),
        sa.Column("refund_id", sa.String, unique=True),
        sa.Column("authorize_uri", sa.String),
        sa.Column("captured_amount", sa.Integer, nullable=False),
        sa.Column("refunded_amount", sa.Integer, nullable=False),
        sa.Column("new_card_id", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("failure_code", sa.String),
        sa.Column("card_brand", sa.String),
        sa.Column("card_last_digits", sa.String),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("returned_at", TIME),
        sa.Column("checked_at", TIME),
    )
    _one_attempt_in("one_open_attempt_an_order", "state IN ('pending', 'started', 'unknown')")
    _one_attempt_in(
        "one_payment_an_order", "kind = 'charge' AND state IN ('authorized', 'succeeded')"
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("charge_id", sa.String, index=True),
        sa.Column("state", STATE, nullable=False),
        sa.Column("received_at", TIME, nullable=False, index=True),
        sa.Column("handled_at", TIME),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", STATE, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("due_at", TIME, nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.UniqueConstraint("kind", "subject"),
    )


def _one_attempt_in(name: str, states: str) -> None:
    where = sa.text(states)
    op.create_index(
        name, "attempts", ["order_id"], unique=True, sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in TABLES:
        op.drop_table(table)
