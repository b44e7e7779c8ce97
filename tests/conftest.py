"""Fixtures every test may ask for: an application on each engine, a clock, a reader of pages."""

import contextvars
import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

import config
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.organisations.queries import forget_sites
from cpts_sessions.web.site import create_app
from tests import databases
from tests.page import read_strictly

# The same examples each time, however slow the machine: the proofs (`make prove-seats`) look for new ones.
hypothesis.settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

#: The instant at which the frozen clock of a test stands unless it says otherwise.
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let every test of a page run on both engines (tests/web/conftest.py)."""
    parser.addoption("--every-page", action="store_true", dest="every_page", help="try every page on PostgreSQL too")


def pytest_collection_finish() -> None:
    """Leave what is loaded for good out of every search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


class Browser(FlaskClient):
    """A client whose pages are read by the strict reader, and whose requests run as on a server.

    No context of the test leaks into them. Both engines make the same pages: they are read on SQLite.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request, in a context of its own."""
        response = contextvars.Context().run(super().open, *args, **kwargs)
        is_page = response.mimetype == "text/html" and response.status_code != 304 and response.data
        is_mail = response.headers.get("Content-Security-Policy", "").endswith("sandbox")  # tests/mail reads those
        if is_page and not is_mail and self.application.config.get("PAGES_ARE_READ", True):
            read_strictly(response.get_data(as_text=True))
        return response


@pytest.fixture(scope="session", params=databases.ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine under test; everything that touches the database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def migrated_app(engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a migrated, empty database, shared by the tests of one engine."""
    folder = tmp_path_factory.mktemp(engine_name)
    with databases.database(engine_name, folder) as url:
        app = create_app(settings(folder, url))
        app.test_client_class = Browser
        app.config.update(TESTING=True, PAGES_ARE_READ=engine_name == "sqlite")
        app.extensions["public_pages"].lookup_seconds = 0.0  # a test sees at once what it has just changed
        with app.app_context():
            upgrade()
            if engine_name == "sqlite":
                do_not_wait_for_the_disk(db.engine)
            db.engine.dispose()
        yield app
        with app.app_context():
            db.engine.dispose()


def do_not_wait_for_the_disk(engine: Engine) -> None:
    """Let no commit of this SQLite file reach the disk: it dies with the tests."""
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


def settings(folder: Path, database_url: str, **changes: Any) -> config.Settings:
    """Return the settings of an installation that lives in a folder of the test."""
    given = config.from_environment({"CPTS_DATA_DIR": str(folder), "DATABASE_URL": database_url})
    return config.Settings(**{**vars(given), **changes})


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application inside an application context; every row is removed afterwards."""
    with migrated_app.app_context():
        yield migrated_app
        migrated_app.extensions["public_pages"].forget()
        forget_sites()
        db.session.remove()
        empty_every_table()


def empty_every_table() -> None:
    """Leave the schema, remove the rows; numbers begin again at 1.

    Deleted where there are any: on PostgreSQL, truncating every table takes longer than most tests.
    """
    tables = Base.metadata.sorted_tables
    with db.engine.begin() as connection:
        looked = " UNION ALL ".join(f"SELECT '{one.name}' WHERE EXISTS (SELECT 1 FROM {one.name})" for one in tables)
        used = {row[0] for row in connection.execute(text(looked))}
        for one in reversed(tables):
            if one.name in used:
                connection.execute(text(f"DELETE FROM {one.name}"))
        if connection.dialect.name == "postgresql":
            counted = [one.name for one in tables if one.name in used and "id" in one.c and one.c.id.identity is None]
            for name in counted:
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)"))


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A new browser, without cookies."""
    client = app.test_client()
    assert isinstance(client, Browser)
    return client


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, stopped at NOW; `clock.move_to(...)` changes the hour."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
