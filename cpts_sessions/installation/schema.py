"""Where the schema of a database stands among the migrations of this version.

Alembic is slow to load, and most commands migrate nothing: it is loaded, and bound to the application, when asked.
"""

from typing import Any, Final

from flask import Flask, current_app
from sqlalchemy import Connection

from cpts_sessions.core.paths import beside
from cpts_sessions.extensions import db

_MIGRATIONS: Final = str(beside("migrations"))


def stored(connection: Connection) -> str | None:
    """Return the revision of a database; None when nothing was ever migrated there."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def known() -> list[str]:
    """Return the revisions this version knows, the newest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_extension().migrate.get_config(folder()))
    return [script.revision for script in scripts.walk_revisions()]


def folder() -> str:
    """Return where the migrations are."""
    return str(_extension().directory)


def upgrade(revision: str = "head") -> None:
    """Run the migrations up to this one on the database of the application."""
    from flask_migrate import upgrade as run

    run(directory=folder(), revision=revision)


def bring_up_to_date() -> None:
    """Migrate the application's database to the newest schema, when it is not there."""
    with db.engine.connect() as connection:
        revision = stored(connection)
    if revision != known()[0]:
        upgrade()


def bind(app: Flask, migrations: str = _MIGRATIONS) -> None:
    """Make the application migrate by the migrations of this folder."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=migrations, render_as_batch=True)


def _extension() -> Any:
    if "migrate" not in current_app.extensions:
        bind(current_app)
    return current_app.extensions["migrate"]
