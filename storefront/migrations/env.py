"""Runs Alembic over the connection that `Database` passes in."""

from alembic import context

# Imported for their tables, which they add to the metadata.
import storefront.accounts.models
import storefront.admin.models
import storefront.fraud.models
import storefront.ops.models  # noqa: F401
from storefront.models import Table


def run() -> None:
    """Run the migrations in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
