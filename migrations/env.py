"""How alembic reaches the store: over the server's own connection, or over a URL from the command line."""

from alembic import context
from sqlalchemy import Connection, create_engine

from telefonie.store.tables import metadata


def run(conn: Connection) -> None:
    context.configure(connection=conn, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = context.config.get_main_option("sqlalchemy.url") or ""
    with create_engine(url).begin() as connection:
        run(connection)
