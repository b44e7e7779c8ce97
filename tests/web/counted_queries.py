"""How many statements a page asks of the database."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from cpts_sessions.extensions import db


def queries_for(browser: FlaskClient, path: str) -> int:
    """Return the number of statements of one page, which must answer 200."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        response = browser.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert response.status_code == 200, response.status
    return len(statements)
