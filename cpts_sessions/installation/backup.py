"""A backup of the whole database, made while everything runs: one instant, one file."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, select, text
from sqlalchemy.exc import OperationalError

from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation import schema
from cpts_sessions.installation.archive import FORMAT, ArchiveWriter, Manifest, kind_of
from cpts_sessions.installation.master_key import key_fingerprint
from cpts_sessions.organisations.models import Installation, Organisation

ROWS_AT_A_TIME = 500
_NOT_MIGRATED = "La base n’est pas à jour : lancez d’abord cpts-sessions db upgrade."


def back_up(path: Path) -> Manifest:
    """Write every row of one instant into `path`, mode 0600; the file of that name is replaced once it is whole.

    Nobody waits meanwhile: SQLite reads beside its writer, PostgreSQL from a snapshot.

    Raises:
        RuleBroken: the folder does not exist or cannot be written, the disk is full, the database is not migrated
            or does not answer.
    """
    try:
        with _whole_or_nothing(path) as file, one_instant() as connection:
            return write_archive(connection, file)
    except OperationalError as fault:
        raise RuleBroken(typo(f"La base de données ne répond pas : {fault.orig}")) from fault
    except OSError as fault:
        raise RuleBroken(typo(f"La sauvegarde n’a pas pu s’écrire dans {path} : {fault.strerror}.")) from fault


@contextmanager
def one_instant() -> Iterator[Connection]:
    """Give a connection that only reads, and sees the database as it was at its first question."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True
            )
        yield connection
        connection.rollback()


def write_archive(connection: Connection, file: IO[bytes]) -> Manifest:
    """Write every table of a database at the newest schema, parents before children.

    Raises:
        RuleBroken: the schema is another one.
    """
    revision = schema.stored(connection)
    if revision is None or revision != schema.known()[0]:
        raise RuleBroken(_NOT_MIGRATED)
    organisations = connection.execute(select(Organisation.name).order_by(Organisation.id)).scalars().all()
    started_with = connection.execute(select(Installation.key_fingerprint)).scalar_one_or_none()
    manifest = Manifest(
        format=FORMAT,
        version=version("cpts-sessions"),
        revision=revision,
        made_at=now().isoformat(),
        engine=connection.dialect.name,
        key_fingerprint=started_with or key_fingerprint(),
        organisations=list(organisations),
    )
    with ArchiveWriter(file, manifest) as writer:
        for table in Base.metadata.sorted_tables:
            columns = {column.name: kind_of(column.type) for column in table.columns}
            statement = select(table).order_by(*table.primary_key.columns)
            rows = connection.execute(statement.execution_options(yield_per=ROWS_AT_A_TIME))
            writer.add(table.name, columns, (tuple(row) for row in rows), next_id(connection, table))
    return manifest


def next_id(connection: Connection, table: Table) -> int | None:
    """Return the first id never given, where the engine keeps it: the journal names erased persons by their id."""
    if "id" not in table.primary_key.columns:
        return None
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name}
        ).scalar_one()
        if sequence is None:
            return None
        last, is_called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
        return int(last) + int(is_called)
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return None
    counted = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    last_given: Any = counted.scalar_one_or_none()
    return int(last_given or 0) + 1


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file beside `path` that takes its name once it is whole and on the disk, and is gone otherwise."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
