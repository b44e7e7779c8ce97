"""What was removed from a SQLite database is nowhere in its files."""

import sqlite3

from sqlalchemy import create_engine

from cpts_sessions.core import database


def names_in(folder) -> list[str]:
    """The files of the database in which the name can be read."""
    return sorted(file.name for file in folder.iterdir() if b"Quetzalina" in file.read_bytes())


def test_a_name_that_was_removed_leaves_the_log_of_writes_too(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'cpts.db'}", connect_args={"isolation_level": None})
    database.set_up_sqlite(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE person (name TEXT)")
        connection.exec_driver_sql("INSERT INTO person VALUES ('Quetzalina')")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person")
    assert names_in(tmp_path) == ["cpts.db-wal"]

    database.forget_what_was_removed(engine)

    assert names_in(tmp_path) == []


def test_a_reader_at_work_puts_it_off(tmp_path):
    path = tmp_path / "cpts.db"
    engine = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})
    database.set_up_sqlite(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE person (name TEXT)")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM person").fetchall()
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES ('Quetzalina')")

    database.forget_what_was_removed(engine)
    reader.close()

    assert names_in(tmp_path) == ["cpts.db-wal"]
