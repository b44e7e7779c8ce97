"""Who came to sessions, as anyone who counts them by hand would: with a name, and without."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from cpts_sessions.attendance.models import Attendance, AttendanceStatus, AttendanceTally
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations.models import Registration, Status


@dataclass(frozen=True)
class Present:
    """One person who came to one session; the profession is the one she had then, None when nobody told it."""

    person: Person
    profession_slug: str | None
    is_walk_in: bool
    is_animator: bool


def numbers_at(group_session_ids: Collection[int]) -> Counter[int]:
    """Return how many came to each of these sessions, those noted without a name included."""
    named = (
        select(Attendance.group_session_id, func.count())
        .where(Attendance.group_session_id.in_(group_session_ids), Attendance.status == AttendanceStatus.PRESENT)
        .group_by(Attendance.group_session_id)
    )
    nameless = (
        select(AttendanceTally.group_session_id, func.sum(AttendanceTally.count))
        .where(AttendanceTally.group_session_id.in_(group_session_ids))
        .group_by(AttendanceTally.group_session_id)
    )
    numbers: Counter[int] = Counter()
    for statement in (named, nameless):
        for row in db.session.execute(statement):
            numbers[row[0]] += row[1]
    return numbers


def present_at(group_session_id: int) -> list[Present]:
    """Return those noted present at a session, who animates included, by last name; those erased come last."""
    at_this_session = (
        and_(one.group_session_id == Attendance.group_session_id, one.person_id == Attendance.person_id)
        for one in (Registration, SessionAnimator)
    )
    statement = (
        select(
            Person,
            func.coalesce(Registration.profession_slug, SessionAnimator.profession_slug, Person.profession_slug),
            Registration.status,
            SessionAnimator.person_id,
        )
        .join(Attendance, Attendance.person_id == Person.id)
        .outerjoin(Registration, next(at_this_session))
        .outerjoin(SessionAnimator, next(at_this_session))
        .where(Attendance.group_session_id == group_session_id, Attendance.status == AttendanceStatus.PRESENT)
        .order_by(Person.erased_at.is_not(None), Person.last_name, Person.first_name, Person.id)
    )
    return [
        Present(person, profession or None, status == Status.WALK_IN, animator is not None)
        for person, profession, status, animator in db.session.execute(statement)
    ]
