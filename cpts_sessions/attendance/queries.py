"""Who came, as it was noted."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.attendance.models import Attendance, AttendanceStatus
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Registration, Status


@dataclass(frozen=True)
class Line:
    """Somebody expected at a session, or who came unannounced, and what was noted of her; None: nothing yet."""

    registration: Registration
    mark: str | None


@dataclass(frozen=True)
class Roll:
    """Those whose presence is noted at one session, by last name."""

    lines: list[Line]

    @property
    def present(self) -> int:
        """How many came."""
        return self._count(AttendanceStatus.PRESENT)

    @property
    def excused(self) -> int:
        """How many said that they would not come."""
        return self._count(AttendanceStatus.EXCUSED)

    @property
    def absent(self) -> int:
        """How many did not come, without a word."""
        return self._count(AttendanceStatus.ABSENT)

    @property
    def missing(self) -> int:
        """How many nothing was noted of."""
        return self._count(None)

    def _count(self, mark: str | None) -> int:
        return sum(line.mark == mark for line in self.lines)


def roll(group_session_id: int) -> Roll:
    """Return those who held a seat or came unannounced; whoever only waited or was offered one is left out."""
    statement = (
        select(Registration, Attendance.status)
        .join(Registration.person)
        .outerjoin(
            Attendance,
            and_(
                Attendance.group_session_id == Registration.group_session_id,
                Attendance.person_id == Registration.person_id,
            ),
        )
        .where(
            Registration.group_session_id == group_session_id,
            Registration.status.in_((Status.CONFIRMED, Status.WALK_IN)),
        )
        .options(contains_eager(Registration.person))
        .order_by(Person.last_name, Person.first_name, Registration.id)
    )
    return Roll([Line(row[0], row[1]) for row in db.session.execute(statement)])


def statuses_of(person_id: int) -> dict[int, str]:
    """Return what was noted of one person, by the id of the session."""
    statement = select(Attendance.group_session_id, Attendance.status).where(Attendance.person_id == person_id)
    return {row.group_session_id: row.status for row in db.session.execute(statement)}


def statuses_at(group_session_id: int) -> dict[int, str]:
    """Return what was noted at one session, by the id of the person."""
    statement = select(Attendance.person_id, Attendance.status).where(Attendance.group_session_id == group_session_id)
    return {row.person_id: row.status for row in db.session.execute(statement)}
