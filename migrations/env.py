"""Runs the migrations on the application's own engine, SQLite or PostgreSQL."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from cpts_sessions.extensions import Base

engine = current_app.extensions["migrate"].db.engine


def run() -> None:
    """Migrate inside one transaction.

    SQLite: a batch migration rebuilds tables, and with foreign keys on its DROP would delete
    child rows; hence off before BEGIN, checked before the end, on a connection that nobody uses afterwards.
    """
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            connection.detach()  # closed in the end: the next one opens with its foreign keys on
        connection.execution_options(sqlite_begin="IMMEDIATE")
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
                if orphans:
                    raise RuntimeError(f"rows without their parent after the migration: {orphans[:5]}")


run()
