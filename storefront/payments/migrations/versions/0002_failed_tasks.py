"""Failures of tasks, so that a task that cannot be done is set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("omise_tasks") as tasks:
        tasks.add_column(
            sa.Column("failure_count", sa.Integer(), nullable=False, server_default="0")
        )
        tasks.add_column(sa.Column("error", sa.String(), nullable=True))
        tasks.add_column(sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("omise_tasks") as tasks:
        for name in ("failed_at", "error", "failure_count"):
            tasks.drop_column(name)
