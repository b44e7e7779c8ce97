"""What a database holds, whole; and another installation to compare it with."""

import shutil
from contextlib import contextmanager

from sqlalchemy import func, select

from cpts_sessions.extensions import Base, db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.web.site import create_app
from tests import databases
from tests.conftest import settings


def every_row(but=frozenset()):
    """Every row of every table, as Python values."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in tables
    }


def total(model, *where):
    return db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()


@contextmanager
def elsewhere(engine, folder, key_of=None):
    """Another installation, migrated and empty; with the master key of `key_of` when it is given."""
    folder.mkdir(exist_ok=True)
    if key_of is not None:
        shutil.copy(key_of.config["SETTINGS"].master_key_file, folder / "master.key")
    with databases.database(engine, folder) as url:
        other = create_app(settings(folder, url))
        other.config.update(TESTING=True)
        with other.app_context():
            upgrade()
            yield other
            db.session.remove()
            db.engine.dispose()
