"""« Envoi arrêté »: the desk says that messages wait for a mail server, and where the sending is tried."""

from datetime import timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from tests.web.coordination import text_of

DESK = "/coordination/"
TITLE = "Rétablir l'envoi des messages"


@pytest.fixture
def message(organisation):
    """A message that has just been written."""
    with transaction():
        written = OutboxMessage(
            organisation_id=organisation.id, kind="confirmation", to_address="a@example.org", to_name="Ana", values={}
        )
        db.session.add(written)
    return written


def test_a_message_that_no_server_takes_is_told_after_a_while(coordinator, message, clock):
    assert TITLE not in text_of(coordinator, DESK)
    clock.shift(timedelta(minutes=16))

    desk = text_of(coordinator, DESK)
    page = coordinator.get(DESK).get_data(as_text=True)

    assert TITLE in desk
    assert "1 message attend depuis plus d'un quart d'heure : aucun serveur d'envoi n'est réglé." in desk
    assert 'href="/coordination/premiers-pas/boite#essai"' in page
    assert "Un message d'essai" in text_of(coordinator, "/coordination/premiers-pas/boite")


@pytest.mark.parametrize(
    "values",
    [
        {"status": MessageStatus.SENT.value},
        {"status": MessageStatus.WITHHELD.value},
        {"is_sign_in": True},
        {"not_before": "tomorrow"},
    ],
    ids=["sent", "withheld", "sign_in", "planned"],
)
def test_what_left_or_was_not_to_leave_yet_stops_nothing(coordinator, message, clock, values):
    with transaction():
        known = db.session.get(OutboxMessage, message.id)
        for name, value in values.items():
            setattr(known, name, known.not_before + timedelta(days=1) if value == "tomorrow" else value)
    clock.shift(timedelta(minutes=16))

    assert TITLE not in text_of(coordinator, DESK)
