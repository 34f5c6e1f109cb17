"""Runs the shop's migrations over the connection that `Database.migrate` hands to Alembic."""

from alembic import context


def run() -> None:
    """Run the migrations in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
