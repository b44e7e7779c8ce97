"""From a row of the outbox to the message that leaves, and to what a screen may show of it."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from flask import Flask
from time_machine import Traveller

from cpts_sessions.core import links
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.ical import uids
from cpts_sessions.mail import outbox
from cpts_sessions.mail.envelope import MASKED_SECRET, compose, preview
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.mail.rendering import MASKED_CODE, MASKED_LINK
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.messages import write_to
from cpts_sessions.registrations import alerts
from cpts_sessions.registrations.models import DateAlert, Registration
from tests.factories import (
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
    told,
)

KEY = UUID("7f0c3a52-9f0e-4e57-8f4f-0a4f7d1b2c3d")


@pytest.fixture
def organisation(app: Flask, clock: Traveller) -> Organisation:
    return make_organisation(name="CPTS du Val d’Ambre", public_url="https://seances.example.org")


def confirmation(organisation: Organisation, *, confidential: bool = False) -> tuple[OutboxMessage, Registration]:
    """What somebody who has just signed up is sent, and her registration."""
    programme = make_circles(organisation, audience="all") if confidential else make_programme(organisation)
    registration = signed_up(make_group_session(programme), first_name="Nadia", last_name="Ferhat")
    return db.session.query(OutboxMessage).filter_by(registration_id=registration.id).one(), registration


def texts(message: EmailMessage) -> str:
    """Every header and every part, decoded, the folded lines of calendars made whole."""
    parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return "".join([*map(str, message.values()), *(str(part, "utf-8") for part in parts)]).replace("\r\n ", "")  # type: ignore[arg-type]


def calendar_of(message: EmailMessage) -> str:
    """The iCalendar object, its folded lines made whole."""
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n ", "")


def test_the_message_comes_from_the_mailbox_of_the_cpts_under_its_name(organisation: Organisation) -> None:
    row, _ = confirmation(organisation)

    message = compose(row, frame_of(organisation.id))

    assert {name: str(message[name]) for name in ("From", "Reply-To", "To", "Message-ID", "Date")} == {
        "From": "CPTS du Val d’Ambre <contact@cpts.example.org>",
        "Reply-To": "contact@cpts.example.org",
        "To": f"Nadia Ferhat <{row.to_address}>",
        "Message-ID": f"<{row.public_id}.inscription_confirmee@cpts.example.org>",
        "Date": "Mon, 02 Nov 2026 09:00:00 +0000",
    }


def test_from_one_try_to_the_next_only_the_date_changes(organisation: Organisation, clock: Traveller) -> None:
    row, _ = confirmation(organisation)
    first = compose(row, frame_of(organisation.id)).as_bytes().splitlines()
    clock.shift(timedelta(hours=3))
    second = compose(row, frame_of(organisation.id)).as_bytes().splitlines()

    changed = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    assert changed == [(b"Date: Mon, 02 Nov 2026 09:00:00 +0000", b"Date: Mon, 02 Nov 2026 12:00:00 +0000")]


def test_the_personal_link_is_the_one_whose_hash_is_kept(organisation: Organisation) -> None:
    row, registration = confirmation(organisation)

    text = preview(row, frame_of(organisation.id), masked=False).text

    (address,) = {word for word in text.split() if "/mon-inscription/" in word}
    assert links.digest(address.rpartition("/")[2]) == registration.link_hash
    assert links.token(Purpose.REGISTRATION, registration.public_id) not in str(vars(row))


def test_the_invitation_holds_her_secret_uid_and_her_link(app: Flask, organisation: Organisation) -> None:
    row, registration = confirmation(organisation)
    secret = uids.derive_secret(app.config["MASTER_KEY"], registration.public_id)
    link = links.url(organisation.public_url, Purpose.REGISTRATION, registration.public_id)

    calendar = calendar_of(compose(row, frame_of(organisation.id)))

    lines = calendar.split("\r\n")
    assert f"UID:{registration.public_id}.{secret}@cpts.example.org" in lines
    assert [line for line in lines if line.startswith(("METHOD", "SEQUENCE", "DTSTART;", "ORGANIZER", "ATTENDEE"))] == [
        "METHOD:REQUEST",
        "SEQUENCE:0",
        "DTSTART;TZID=Europe/Paris:20261116T200000",
        'ORGANIZER;CN="CPTS du Val d’Ambre":mailto:contact@cpts.example.org',
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;"
        f'CN="Nadia Ferhat":mailto:{row.to_address}',
    ]
    assert link in calendar


def test_a_confidential_programme_is_named_nowhere_but_in_the_body(organisation: Organisation) -> None:
    row, _ = confirmation(organisation, confidential=True)

    message = compose(row, frame_of(organisation.id))

    outside = " ".join([*map(str, message.values()), calendar_of(message)]).lower()
    assert [word for word in ("cercle", "parole", "maison de santé", "ambreville") if word in outside] == []
    assert "Cercle de paroles" in preview(row, frame_of(organisation.id)).text


def test_masked_nothing_of_the_message_opens_anything(app: Flask, organisation: Organisation) -> None:
    row, registration = confirmation(organisation)
    secrets = (
        links.token(Purpose.REGISTRATION, registration.public_id),
        uids.derive_secret(app.config["MASTER_KEY"], registration.public_id),
    )

    masked, plain = (compose(row, frame_of(organisation.id), masked=masked) for masked in (True, False))

    found = [[secret for secret in secrets if secret in texts(message)] for message in (masked, plain)]
    assert found == [[], list(secrets)]
    assert MASKED_LINK in preview(row, frame_of(organisation.id)).text
    assert f"UID:{registration.public_id}.{MASKED_SECRET}@cpts.example.org" in calendar_of(masked).split("\r\n")


def test_a_sign_in_code_is_derived_when_the_message_leaves_and_masked_on_a_screen(organisation: Organisation) -> None:
    with transaction():
        row = write_to(
            make_person(organisation),
            "connexion_equipe",
            {},
            links={"lien_connexion": (Purpose.SIGN_IN, KEY), "code": (Purpose.SIGN_IN_CODE, KEY)},
            is_sign_in=True,
        )
    assert row is not None
    frame = frame_of(organisation.id)

    shown = [links.code(KEY) in preview(row, frame, masked=masked).text for masked in (False, True)]

    assert shown == [True, False]
    assert MASKED_CODE in preview(row, frame).text


def test_a_mailbox_with_an_accented_domain_gives_ascii_headers(organisation: Organisation) -> None:
    with transaction():
        organisation.mail_address = "contact@cpts-santé.example"
    row, _ = confirmation(organisation)

    message = compose(row, frame_of(organisation.id))

    assert str(message["Message-ID"]).rpartition("@")[2] == "xn--cpts-sant-j4a.example>"
    assert message.as_bytes().isascii()


@pytest.mark.parametrize("status", ["sent", "obsolete"])
def test_of_a_message_that_left_no_text_remains(organisation: Organisation, status: str) -> None:
    row, _ = confirmation(organisation)
    with transaction():
        row.status = status

    with pytest.raises(RuleBroken, match="Le texte est effacé"):
        preview(row, frame_of(organisation.id))


def test_an_address_that_no_server_takes_is_refused_before_it_leaves(organisation: Organisation) -> None:
    person = make_person(organisation, email="prénom@example.org")
    with transaction():
        row = outbox.write(
            outbox.Addressee(
                organisation_id=organisation.id,
                person_id=person.id,
                address="prénom@example.org",
                name="Claire",
                is_invented=False,
            ),
            "connexion",
            {"prenom": "Claire", "nom": "Martin"},
            links={"lien_connexion": (Purpose.SIGN_IN, KEY)},
        )

    with pytest.raises(ValueError, match="not a plain e-mail address"):
        compose(row, frame_of(organisation.id))


def test_an_announcement_says_how_to_stop_in_its_headers_too_and_no_other_message_does(
    organisation: Organisation,
) -> None:
    alerts.ask(make_programme(organisation).id, told())
    asked = db.session.query(DateAlert).one()
    row, frame = db.session.query(OutboxMessage).one(), frame_of(organisation.id)
    announcement = compose(row, frame)

    stop = f"https://seances.example.org/annonces/{links.token(Purpose.ALERT, asked.public_id)}"
    assert announcement["List-Unsubscribe"] == f"<{stop}>"
    assert announcement["List-Unsubscribe-Post"] is None  # stopping takes a button
    assert compose(row, frame, masked=True)["List-Unsubscribe"] is None
    signed_up(make_group_session(make_programme(organisation, slug="autre")))
    other = db.session.query(OutboxMessage).filter(OutboxMessage.id != row.id).one()
    assert compose(other, frame)["List-Unsubscribe"] is None
