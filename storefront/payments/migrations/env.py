"""Runs the engine's migrations over the connection that `Database.migrate` hands to Alembic."""

from typing import Any

from alembic import context

#: The engine keeps its version beside that of the host.
VERSION_TABLE = "omise_version"


def run() -> None:
    """Run the migrations in one transaction."""
    connection: Any = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        version_table=VERSION_TABLE,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
