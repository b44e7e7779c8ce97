"""What the tests of attestations do: a session that took place, who was there, closed and closed again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import Reopening
from cpts_sessions.evening.services import close, reopen
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from tests.conftest import NOW
from tests.factories import make_group_session, make_registration


def held(
    programme: Programme, *, present: Sequence[Person], actor: Person, absent: Sequence[Person] = (), **changes: Any
) -> GroupSession:
    """A session of yesterday, closed."""
    group_session = make_group_session(programme, **{"starts_at": NOW - timedelta(days=1), **changes})
    mark(group_session, present, "present")
    mark(group_session, absent, "absent")
    close_again(group_session, actor)
    return group_session


def mark(group_session: GroupSession, people: Sequence[Person], status: str, *, registered: bool = False) -> None:
    """Note these persons, each with a seat."""
    for person in people:
        if not registered:
            make_registration(group_session, person)
        with transaction():
            db.session.add(
                Attendance(
                    organisation_id=group_session.organisation_id,
                    group_session_id=group_session.id,
                    person_id=person.id,
                    status=status,
                    means="coordination",
                )
            )


def close_again(group_session: GroupSession, actor: Person) -> None:
    """Close a session whose presences are all noted."""
    close(group_session.id, actor_id=actor.id)


def attendance(group_session: GroupSession, person: Person) -> Attendance:
    """What was noted of one person."""
    return db.session.query(Attendance).filter_by(group_session_id=group_session.id, person_id=person.id).one()


def open_again(group_session: GroupSession, actor: Person) -> None:
    """Open a closed session again, to correct it."""
    reopen(group_session.id, reason=Reopening.CORRECT, actor_id=actor.id)
