"""What the database holds at one point of a story: read once after each act, for everything that is checked there."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, String, select, type_coerce

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import Enrolment, Registration

_SESSION = select(GroupSession.status, GroupSession.capacity, GroupSession.starts_at)
_REGISTRATIONS = select(
    Registration.id,
    Registration.person_id,
    Registration.enrolment_id,
    Registration.status,
    Registration.queued_at,
    Registration.offer_expires_at,
    Person.email,
).outerjoin(Person, Person.id == Registration.person_id)
_ENROLMENTS = select(
    Enrolment.id, Enrolment.person_id, Enrolment.left_at, Enrolment.is_pending, Person.email
).outerjoin(Person, Person.id == Enrolment.person_id)
_ATTENDANCES = select(Attendance.person_id)
# A number may be given again once its row is gone: a message is known by its public id, compared as it is stored.
_MESSAGES = select(type_coerce(OutboxMessage.public_id, String).label("key"), OutboxMessage.id)
_WRITTEN = select(
    OutboxMessage.kind,
    OutboxMessage.person_id,
    OutboxMessage.registration_id,
    OutboxMessage.not_before,
    OutboxMessage.calendar,
).order_by(OutboxMessage.id)


@dataclass(frozen=True)
class Look:
    """The session of the story and all that hangs on it; `messages` are those written since the look before."""

    session: Row[Any]
    registrations: dict[int, Row[Any]]
    enrolments: dict[int, Row[Any]]
    attended: list[int]
    messages: list[Row[Any]] = field(repr=False)
    known: frozenset[Any] = field(repr=False)

    @property
    def states(self) -> dict[int, str]:
        """The status of each registration."""
        return {one.id: one.status for one in self.registrations.values()}

    @property
    def seasons(self) -> dict[int, tuple[bool, bool]]:
        """Whether each enrolment was left, and whether it waits for a yes."""
        return {one.id: (one.left_at is not None, one.is_pending) for one in self.enrolments.values()}

    @property
    def deadlines(self) -> dict[int, datetime | None]:
        """Until when each registration keeps an offer."""
        return {one.id: one.offer_expires_at for one in self.registrations.values()}

    @property
    def line(self) -> list[int]:
        """The ids of those who wait, first come first."""
        waiting = [one for one in self.registrations.values() if one.status == "waiting"]
        return [one.id for one in sorted(waiting, key=lambda one: (one.queued_at, one.id))]


def look(known: Set[Any] = frozenset()) -> Look:
    """Read what was committed, on a connection that no act used; `known` are the messages of the look before."""
    db.session.rollback()  # the next act reads everything again, as the next request would
    with db.engine.connect() as connection:
        numbers = {one.key: one.id for one in connection.execute(_MESSAGES)}
        new = [number for key, number in numbers.items() if key not in known]
        written = connection.execute(_WRITTEN.where(OutboxMessage.id.in_(new))).all() if new else []
        return Look(
            session=connection.execute(_SESSION).one(),
            registrations={one.id: one for one in connection.execute(_REGISTRATIONS)},
            enrolments={one.id: one for one in connection.execute(_ENROLMENTS)},
            attended=list(connection.execute(_ATTENDANCES).scalars()),
            messages=list(written),
            known=frozenset(numbers),
        )
