"""What the tests of reminders share: a session on Monday 16 November 2026 at 20 h in Paris, and what is said of it."""

from datetime import UTC, datetime, timedelta

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.mail.rendering import render
from cpts_sessions.organisations.queries import frame_of
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import sessions
from cpts_sessions.registrations.models import Registration
from tests.factories import (
    make_coordinator,
    make_group_session,
)
from tests.rows import rows

WEEK = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)  # 10 h in Paris, seven days before
EVE = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)  # 18 h in Paris, the day before
DAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)  # 9 h in Paris, on the day itself
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def standing() -> list[tuple[str, str]]:
    """The reminders, each with where it stands."""
    found = [(row.kind, row.status) for row in rows(OutboxMessage) if row.kind.startswith("rappel_")]
    db.session.rollback()
    return found


def said(row: OutboxMessage) -> tuple[str, str]:
    """Its subject and its text."""
    links = dict.fromkeys(row.links, "https://cpts.example/mon-inscription/jeton")
    shown = render(row.kind, {**row.values, **links}, frame_of(row.organisation_id))
    return " ".join(shown.subject.split()), " ".join(shown.text.split())


def change(one, **changes):
    """Change a session as the coordinator's form does."""
    db.session.refresh(one)
    values = {
        "starts_at": one.starts_at,
        "ends_at": changes.get("starts_at", one.starts_at) + timedelta(hours=2),
        "place": sessions.place_of(one),
        "capacity": one.capacity,
        "minimum": one.minimum,
        **changes,
    }
    actor = make_coordinator(one.organisation, email=None)
    sessions.change(one.id, sessions.Plan(**values), actor_id=actor.id, revision=one.revision)


def fill(programme, number, **changes):
    """A session with so many seats taken."""
    one = make_group_session(programme, capacity=number, **changes)
    with transaction():
        people = [
            Person(
                organisation_id=programme.organisation_id,
                email=f"p{one.id}.{n}@example.org",
                first_name="Anne",
                last_name=f"Roux{n}",
                identity=f"{one.id}:{n}",
            )
            for n in range(number)
        ]
        db.session.add_all(people)
        db.session.flush()
        seats = [
            Registration(
                organisation_id=programme.organisation_id,
                group_session_id=one.id,
                person_id=person.id,
                status="confirmed",
                link_hash=f"{one.id}:{n}".encode(),
            )
            for n, person in enumerate(people)
        ]
        db.session.add_all(seats)
    return one
