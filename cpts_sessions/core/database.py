"""How each connection to the database is opened."""

from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event, func, select

from cpts_sessions.extensions import Base, db

_PATIENCE = "busy_timeout=5000"
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    _PATIENCE,
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)


def engine_options(database_url: str) -> dict[str, Any]:
    """Return what SQLAlchemy needs to know for this engine; no value of a row ever reaches a log."""
    if database_url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"isolation_level": None, "timeout": 5}}
    # the connection that served last knows the statements already
    pool = {"pool_pre_ping": True, "pool_use_lifo": True, "pool_size": 10, "max_overflow": 10}
    return {"hide_parameters": True, **pool}


def prepare(app: Flask) -> None:
    """Set the engine up: on SQLite, pragmas on connect and an explicit BEGIN.

    The driver's own transaction handling is off; reads begin with a plain BEGIN, writes with
    BEGIN IMMEDIATE (asked for by `core.transaction` through an execution option), so that a
    transaction never has to upgrade its lock half-way.
    """
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            set_up_sqlite(db.engine)


def reserve_ids(model: type[Base], count: int) -> list[int]:
    """Return numbers for so many new rows, inside the transaction that adds them.

    Rows that have their number already are written in one go; the others one by one (SQLite), or in statements so
    long that reading them takes longer than writing the rows (PostgreSQL).
    """
    table = model.__table__
    with db.session.no_autoflush:  # those rows wait for their number
        if db.engine.dialect.name == "sqlite":  # one writer at a time
            last = db.session.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
            return list(range(last + 1, last + 1 + count))
        following = func.nextval(func.pg_get_serial_sequence(model.__tablename__, "id"))
        return list(db.session.execute(select(following).select_from(func.generate_series(1, count))).scalars())


def forget_what_was_removed(engine: Engine) -> None:
    """Empty the log of writes of a SQLite file: what was erased would stay readable in it until it is written over.

    `secure_delete` cleans the pages of the file; old copies of them live on in the log (sqlite.org/wal.html, 2.2).
    A reader or a writer at work puts it off to the next time.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=100")  # it makes writers wait while it waits
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql(f"PRAGMA {_PATIENCE}")


def set_up_sqlite(engine: Engine) -> None:
    """Register the listeners on one SQLite engine."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "")
        connection.exec_driver_sql(f"BEGIN {mode}".strip())
