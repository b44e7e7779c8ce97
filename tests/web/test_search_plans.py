"""What searches and lists ask of the database is found by an index that begins with the organisation."""

from typing import Any

import pytest
from sqlalchemy import event, text

from cpts_sessions.extensions import db
from tests.factories import make_group_session, make_person, make_registration

TABLES = ("person", "group_session", "registration", "session_animator", "programme", "profession", "attendance")
PAGES = [
    "/coordination/chercher?q=lambert",
    "/coordination/chercher?q=lamberq",
    "/coordination/chercher?q=0612345678",
    "/coordination/personnes?q=lambert&saison=2026&presence=12",
    "/coordination/personnes?presence=0&parmi=sans-email",
    "/coordination/seances?q=gapp&annee=toutes",
    "/coordination/seances?vue=mois",
    "/coordination/messages?q=lambert&mois=2026-11",
    "/coordination/journal?mois=2026-11",
]


def statements_of(browser, path: str) -> list[tuple[str, Any]]:
    """Every read of a page, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def plans(statements: list[tuple[str, Any]]) -> list[str]:
    """The lines of the plans of the engine, which may not read a whole table when an index serves."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            connection.execute(text("SET enable_seqscan = off"))
        told: list[str] = []
        for statement, parameters in statements:
            rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", parameters)
            told += [str(row[-1]).strip() for row in rows]
        connection.rollback()
    return told


def is_whole_table(line: str) -> bool:
    """Whether a line of a plan reads every row of every organisation."""
    return any(line.startswith(f"SCAN {name}") or f"Seq Scan on {name} " in line for name in TABLES)


@pytest.mark.parametrize("path", PAGES)
def test_no_table_of_all_organisations_is_read_whole(coordinator, organisation, programme, path):
    make_registration(make_group_session(programme), make_person(organisation))

    told = plans(statements_of(coordinator, path))

    assert len(told) > 5
    assert [line for line in told if is_whole_table(line)] == []


def test_a_read_without_an_index_is_noticed(coordinator):
    assert [is_whole_table(line) for line in plans([("SELECT count(*) FROM person WHERE phone = 'x'", ())])].count(True)
