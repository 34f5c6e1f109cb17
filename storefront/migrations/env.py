"""How Alembic reaches the database: over the connection that `Database` hands it."""

from alembic import context

from storefront.models import Table


def run() -> None:
    """Run the migrations in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
