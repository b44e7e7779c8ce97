"""How many statements a page asks of the database."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from cpts_sessions.extensions import db
from cpts_sessions.organisations.queries import forget_sites


def queries_for(browser: FlaskClient, path: str) -> int:
    """Return the number of statements of one page, which must answer 200."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    forget_sites()  # kept for a second: the look-up is counted every time, or it would be counted now and then
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        response = browser.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert response.status_code == 200, response.status
    return len(statements)
