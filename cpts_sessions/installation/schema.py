"""Where the schema of a database stands among the migrations of this version."""

from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Connection

from cpts_sessions.extensions import db


def stored(connection: Connection) -> str | None:
    """Return the revision of a database; None when nothing was ever migrated there."""
    return MigrationContext.configure(connection).get_current_revision()


def known() -> list[str]:
    """Return the revisions this version knows, the newest first."""
    scripts = ScriptDirectory.from_config(_extension().migrate.get_config(folder()))
    return [script.revision for script in scripts.walk_revisions()]


def folder() -> str:
    """Return where the migrations are."""
    return str(_extension().directory)


def bring_up_to_date() -> None:
    """Migrate the application's database to the newest schema, when it is not there."""
    with db.engine.connect() as connection:
        revision = stored(connection)
    if revision != known()[0]:
        upgrade(directory=folder())


def _extension() -> Any:
    return current_app.extensions["migrate"]
