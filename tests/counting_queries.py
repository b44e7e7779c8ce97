"""How many statements the database received."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from cpts_sessions.extensions import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements sent inside the block, BEGIN and its like apart."""
    sent: list[str] = []

    def listener(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
