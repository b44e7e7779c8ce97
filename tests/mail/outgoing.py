"""What the tests of outgoing messages do and look at."""

from uuid import UUID

from flask import Flask

from cpts_sessions.attendance.papers import paper_of
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db, mail
from cpts_sessions.mail import outbox, smtp
from cpts_sessions.mail.delivery import Courier
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from tests.smtp_sink import SmtpSink

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


def configure(app: Flask, url: str | None) -> None:
    app.extensions["mail"] = mail.init_mail(smtp.flask_settings(url))


def write(person: Person, *, about: outbox.About | None = None, is_sign_in: bool = False) -> OutboxMessage:
    """A message to this person, in the outbox."""
    with transaction():
        row = write_to(
            person,
            "connexion",
            {},
            links={"lien_connexion": (Purpose.SIGN_IN, KEY)},
            about=about,
            is_sign_in=is_sign_in,
        )
    assert row is not None
    return row


def courier() -> Courier:
    return Courier(frame_of, paper_of)


def now_in_the_database(row: OutboxMessage) -> OutboxMessage:
    db.session.expire_all()
    return db.session.get_one(OutboxMessage, row.id)


def state(row: OutboxMessage) -> tuple[str, int, str]:
    kept = now_in_the_database(row)
    return kept.status, kept.attempts, kept.last_error


def recipients(sink: SmtpSink) -> list[str]:
    return [address for received in sink.received for address in received.recipients]
