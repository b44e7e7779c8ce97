"""What the tests of the coordination's pages read: addresses, words, sessions, messages."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from tests.page import words
from tests.registrations.outbox import written

LIST = "/coordination/seances"


def page_of(one: GroupSession, act: str = "") -> str:
    """The address of the page of a session, or of one of its acts."""
    return f"{LIST}/{one.public_id}{'/' + act if act else ''}"


def sessions() -> list[GroupSession]:
    """Every session as it is stored now, by its date."""
    return db.session.query(GroupSession).order_by(GroupSession.starts_at).populate_existing().all()


def text_of(browser: FlaskClient, path: str) -> str:
    """The words of a page."""
    return words(browser.get(path).get_data(as_text=True))


def rows_of(browser: FlaskClient, path: str) -> str:
    """The words of the rows of a list, without those of its filters; empty when it has none."""
    _, _, rows = browser.get(path).get_data(as_text=True).partition("<tbody>")
    return words(f"<main>{rows.partition('</tbody>')[0]}</main>") if rows else ""


def stored(model: type[Any]) -> Any:
    """The rows of a table as they are now, whatever this session has read before."""
    db.session.rollback()
    return db.session.query(model)


def after(browser: FlaskClient, response: TestResponse) -> str:
    """The words of the page to which an act leads."""
    assert response.status_code == 303, words(response.get_data(as_text=True))
    return text_of(browser, response.location)


def told() -> list[tuple[str, str]]:
    """Messages about sessions; those of sign-ins are left out."""
    return [one for one in written() if not one[0].startswith("connexion")]
