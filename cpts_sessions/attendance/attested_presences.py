"""The presences that can be attested, read from what was noted and from what was attested before."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from cpts_sessions.attendance import attested
from cpts_sessions.attendance.attested import Facts, Presence
from cpts_sessions.attendance.models import Attendance, AttendanceStatus, Attestation
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionAnimator, SessionStatus
from cpts_sessions.registrations.queries import season_bounds


def presences_at(group_session: GroupSession) -> list[Presence]:
    """Return who is noted present at one session and has a name, by the id of her record."""
    statement = (
        select(Person)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(
            Attendance.group_session_id == group_session.id,
            Attendance.status == AttendanceStatus.PRESENT,
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    )
    animating = {animator.person_id for animator in group_session.animators}
    return [
        Presence(person, group_session, person.id in animating) for person in db.session.execute(statement).scalars()
    ]


def presences_of(organisation_id: int, person_id: int) -> list[Presence]:
    """Return the closed sessions at which one person is noted present, by their date."""
    animates = exists().where(
        SessionAnimator.group_session_id == GroupSession.id, SessionAnimator.person_id == person_id
    )
    statement = (
        select(Person, GroupSession, animates.label("animates"))
        .join(Attendance, Attendance.person_id == Person.id)
        .join(GroupSession, GroupSession.id == Attendance.group_session_id)
        .options(joinedload(GroupSession.programme))
        .where(
            Person.id == person_id,
            Person.organisation_id == organisation_id,
            Person.erased_at.is_(None),
            Attendance.status == AttendanceStatus.PRESENT,
            GroupSession.status == SessionStatus.HELD,
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return [Presence(*row) for row in db.session.execute(statement)]


def year_lines(organisation_id: int, person_id: int, year: int) -> list[Facts]:
    """Return the lines of the statement of one year: what is noted today, and what only attestations still say."""
    noted = [one for one in presences_of(organisation_id, person_id) if one.group_session.season == year]
    lines = {str(one.group_session.public_id): attested.session_line(one) for one in noted}
    kept = select(Attestation).where(
        Attestation.organisation_id == organisation_id,
        Attestation.person_id == person_id,
        Attestation.is_past_doubt,
        Attestation.withdrawn_at.is_(None),
        Attestation.group_session_id.in_(_ids_of(organisation_id, year)),
    )
    for row in db.session.execute(kept.order_by(Attestation.id)).scalars():
        (line,) = row.facts["seances"]
        lines.setdefault(line["seance"], line)
    return list(lines.values())


def _ids_of(organisation_id: int, year: int) -> Sequence[int]:
    first, end = season_bounds(year)
    statement = select(GroupSession.id).where(
        GroupSession.organisation_id == organisation_id, GroupSession.starts_at >= first, GroupSession.starts_at < end
    )
    return db.session.execute(statement).scalars().all()
