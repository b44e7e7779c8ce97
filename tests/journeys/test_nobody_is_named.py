"""Every byte of every message to one person, decoded and searched for anybody else."""

import email
import email.policy
from datetime import timedelta

import pytest

from cpts_sessions.core.french import fold
from cpts_sessions.extensions import db
from cpts_sessions.ical import uids
from cpts_sessions.mail.envelope import compose
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.registrations import animation, enrolments, on_behalf, services, sessions, waiting_list
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.sessions import Place, Plan
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    told,
)

pytestmark = pytest.mark.usefixtures("app", "clock")

#: Names that are found nowhere else in the texts, and their mailboxes.
PEOPLE = [
    ("Zéphirine", "Quadrifoglio"),
    ("Ulysse", "Wakabayashi"),
    ("Ondine", "Xanthopoulos"),
    ("Barnabé", "Jörgensen"),
    ("Eulalie", "Kwiatkowski"),
]


def mailbox(first, last):
    """Her invented address."""
    return f"{fold(first)}.{fold(last)}@example.org"


def somebody(index):
    """What one of PEOPLE says of herself."""
    first, last = PEOPLE[index]
    return told(first_name=first, last_name=last, email=mailbox(first, last))


@pytest.fixture
def season(app, clock):
    """Nearly every message there is, about a confidential programme."""
    organisation = make_organisation()
    coordinator = make_coordinator(organisation)
    circles = make_circles(organisation, audience="all")
    first, later = (
        make_group_session(circles, capacity=2, starts_at=STARTS_AT + timedelta(weeks=week)) for week in range(2)
    )
    animation.set_animators(first.id, [make_person(organisation, first_name="Olivier", last_name="Chastel").id])
    for index in range(4):
        services.sign_up(first.id, somebody(index))
        services.sign_up(first.id, somebody(index))
    enrolments.enrol(circles.id, 2026, somebody(4))
    seated, other, offered, *_ = db.session.query(Registration).order_by(Registration.id)
    services.leave(seated.id)
    clock.shift(timedelta(hours=49))
    waiting_list.expire_offers()
    services.take_back(offered.id)
    on_behalf.withdraw(other.id, actor_id=coordinator.id, reason="Séance réservée.")
    change(first, coordinator, starts_at=first.starts_at + timedelta(days=1), ends_at=first.ends_at + timedelta(days=1))
    change(first, coordinator, place=Place(name="Mairie", town="Ambreville"))
    sessions.cancel(first.id, "intempéries", actor_id=coordinator.id)
    sessions.reinstate(first.id, actor_id=coordinator.id)
    sessions.cancel(later.id, "salle fermée", actor_id=coordinator.id)
    return organisation


def change(group_session, coordinator, **changes):
    """Change a session as the coordinator's form does."""
    values = {
        "starts_at": group_session.starts_at,
        "ends_at": group_session.ends_at,
        "place": Place(name=group_session.place_name, address=group_session.place_address, town=group_session.town),
        "capacity": group_session.capacity,
        "minimum": group_session.minimum,
        **changes,
    }
    sessions.change(group_session.id, Plan(**values), actor_id=coordinator.id, revision=group_session.revision)


def leaving():
    """The messages that will leave; those that say something no longer true have no text any more."""
    return list(db.session.query(OutboxMessage).filter(OutboxMessage.status != "obsolete"))


def decoded(raw):
    """All a message says: its headers and each of its parts, transfer encodings undone."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    said = [f"{name}: {value}" for name, value in message.items()]
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_content()
            said.append(content if isinstance(content, str) else content.decode("utf-8"))
            said += [f"{name}: {value}" for name, value in part.items()]
    text = "\n".join(said)
    return fold(text.replace("\r\n ", "").replace("\n ", "")) + "\n" + raw.decode("ascii").lower()


def test_no_message_holds_a_byte_about_anybody_but_its_addressee(season):
    frame = frame_of(season.id)
    messages = leaving()
    everybody = {mailbox(*names): names for names in PEOPLE}
    uid_of = {str(r.public_id): r.person.email for r in db.session.query(Registration)}
    assert len({message.kind for message in messages}) >= 14

    for message in messages:
        said = decoded(compose(message, frame).as_bytes())
        for address, (first, last) in everybody.items():
            if address != message.to_address:
                assert fold(last) not in said, (message.kind, last)
                assert fold(first) not in said, (message.kind, first)
                assert address not in said, (message.kind, address)
        for public_id, address in uid_of.items():
            if address != message.to_address:
                assert public_id not in said, message.kind


def test_outside_its_body_a_confidential_programme_is_never_named(season):
    frame = frame_of(season.id)
    for message in leaving():
        sent = email.message_from_bytes(compose(message, frame).as_bytes(), policy=email.policy.default)
        outside = " ".join(str(value) for value in (sent["Subject"], sent["From"], sent["Message-ID"], sent["To"]))
        calendars = [p.get_content() for p in sent.walk() if p.get_content_type() == "text/calendar"]
        files = [p.get_filename() or "" for p in sent.walk()]
        for said in (outside, *calendars, *files):
            assert "parole" not in fold(said), message.kind
            assert "cercle" not in fold(said), message.kind


def test_each_invitation_holds_its_own_secret_and_no_two_share_one(season, app):
    frame = frame_of(season.id)
    found = {}
    for message in (one for one in leaving() if one.registration_id):
        sent = email.message_from_bytes(compose(message, frame).as_bytes(), policy=email.policy.default)
        for part in sent.walk():
            if part.get_content_type() == "text/calendar":
                lines = part.get_content().replace("\r\n ", "").splitlines()
                uid = next(line.removeprefix("UID:") for line in lines if line.startswith("UID:"))
                found.setdefault(message.registration_id, set()).add(uid)
    assert {len(every) for every in found.values()} == {1}
    secrets = {uids.parse_uid(next(iter(every))).secret for every in found.values()}
    assert len(secrets) == len(found)
