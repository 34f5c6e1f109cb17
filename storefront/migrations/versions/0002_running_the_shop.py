"""What a merchant needs to run the shop: staff, history, mails, stock, limits, revoked sessions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)

#: In the order in which they can be dropped.
TABLES = (
    "revoked_sessions",
    "csp_reports",
    "heartbeats",
    "rate_limited_actions",
    "stock",
    "mails",
    "audit_entries",
    "staff",
    "order_moves",
)

#: Who stands behind a try, as far as it is known.
TRACES = ("account", "session_key", "network", "email", "card")


def new_columns() -> dict[str, list[sa.Column[Any]]]:
    """What is added to tables that are there. A column belongs to one table: made each time."""
    return {
        "users": [sa.Column("session_version", sa.Integer, nullable=False, server_default="0")],
        "orders": [
            sa.Column("locale", sa.String, nullable=False, server_default="en"),
            sa.Column("holds_stock", sa.Boolean, nullable=False, server_default=sa.false()),
        ],
        "order_lines": [sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false())],
        "attempts": [
            sa.Column("method", sa.String, nullable=False, server_default="card"),
            sa.Column("code_uri", sa.String),
            sa.Column("expires_at", TIME),
            *(sa.Column(name, sa.String) for name in TRACES),
        ],
    }


def upgrade() -> None:
    """Bring the tables forward."""
    for table, columns in new_columns().items():
        for column in columns:
            op.add_column(table, column)
    for name in TRACES:
        op.create_index(f"ix_attempts_{name}", "attempts", [name, "created_at"])
    op.create_index("ix_attempts_created_at", "attempts", ["created_at"])
    op.create_index("ix_attempts_state_created_at", "attempts", ["state", "created_at"])
    op.create_index("ix_orders_email", "orders", ["email"])
    op.drop_index("ix_orders_status", "orders")
    op.create_index("ix_orders_status_created_at", "orders", ["status", "created_at"])
    op.create_table(
        "order_moves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("order_id", sa.Integer, sa.ForeignKey("orders.id"), nullable=False, index=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("old", sa.String(32), nullable=False),
        sa.Column("new", sa.String(32), nullable=False),
        sa.Column("cause", sa.String, nullable=False),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String, nullable=False, unique=True),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("session_version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", TIME, nullable=False, index=True),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("order_number", sa.String, index=True),
        sa.Column("detail", sa.String, nullable=False),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("order_number", sa.String, nullable=False, index=True),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("sent_at", TIME, nullable=False, index=True),
    )
    op.create_table(
        "stock",
        sa.Column("sku", sa.String, primary_key=True),
        sa.Column("on_hand", sa.Integer, sa.CheckConstraint("on_hand >= 0"), nullable=False),
    )
    op.create_table(
        "rate_limited_actions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("created_at", TIME, nullable=False, index=True),
        sa.Column("failed", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.String) for name in TRACES),
    )
    for name in TRACES:
        op.create_index(
            f"ix_rate_limited_actions_{name}", "rate_limited_actions", [name, "created_at"]
        )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_table(
        "csp_reports",
        sa.Column("directive", sa.String, primary_key=True),
        sa.Column("blocked", sa.String, primary_key=True),
        sa.Column("page", sa.String, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
    )
    op.create_table(
        "revoked_sessions",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("expires_at", TIME, nullable=False, index=True),
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_orders_status_created_at", "orders")
    op.create_index("ix_orders_status", "orders", ["status"])
    op.drop_index("ix_orders_email", "orders")
    op.drop_index("ix_attempts_state_created_at", "attempts")
    op.drop_index("ix_attempts_created_at", "attempts")
    for name in TRACES:
        op.drop_index(f"ix_attempts_{name}", "attempts")
    for table, columns in new_columns().items():
        for column in columns:
            op.drop_column(table, column.name)
