"""Find tries by those who are known; a try of which somebody is unknown takes no room for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("attempts", "rate_limited_actions")
TRACES = ("account", "session_key", "network", "email", "card")


def upgrade() -> None:
    """Make the indexes anew, without the rows that they cannot find."""
    for table in TABLES:
        for name in TRACES:
            is_known = sa.text(f"{name} IS NOT NULL")
            op.drop_index(f"ix_{table}_{name}", table)
            op.create_index(
                f"ix_{table}_{name}",
                table,
                [name, "created_at"],
                sqlite_where=is_known,
                postgresql_where=is_known,
            )


def downgrade() -> None:
    """Make them as they were."""
    for table in TABLES:
        for name in TRACES:
            op.drop_index(f"ix_{table}_{name}", table)
            op.create_index(f"ix_{table}_{name}", table, [name, "created_at"])
