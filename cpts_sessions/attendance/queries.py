"""Who came, as it was noted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.attendance.models import Attendance, AttendanceChange, AttendanceStatus, AttendanceTally, ChangeKind
from cpts_sessions.core.french import identity_key
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations.models import Registration, Status

#: Who is on the list of a session.
EXPECTED: Final = (Status.CONFIRMED, Status.WALK_IN)


@dataclass(frozen=True)
class Line:
    """Somebody expected at a session, or who came unannounced, and what was noted of her; None: nothing yet."""

    registration: Registration
    mark: str | None
    taken_at: datetime | None = None


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
    """Return those who held a seat or came unannounced; whoever only waited or was offered one is left out.

    Noted present while people settled down, she came: giving her seat back before the start takes nobody off the list.
    """
    animates = exists().where(
        SessionAnimator.group_session_id == Registration.group_session_id,
        SessionAnimator.person_id == Registration.person_id,
    )
    came = and_(Attendance.status == AttendanceStatus.PRESENT, ~animates)
    statement = (
        select(Registration, Attendance.status, Attendance.taken_at)
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
            or_(Registration.status.in_(EXPECTED), came),
        )
        .options(contains_eager(Registration.person))
        .order_by(Registration.id)
    )
    return Roll(sorted((Line(*row) for row in db.session.execute(statement)), key=_as_on_paper))


def _as_on_paper(line: Line) -> tuple[str, str]:
    """By last name, accents and case aside, whatever the collation of the database."""
    person = line.registration.person
    return identity_key(person.last_name), identity_key(person.first_name)


def statuses_of(person_id: int) -> dict[int, str]:
    """Return what was noted of one person, by the id of the session."""
    statement = select(Attendance.group_session_id, Attendance.status).where(Attendance.person_id == person_id)
    return {row.group_session_id: row.status for row in db.session.execute(statement)}


def statuses_at(group_session_id: int) -> dict[int, str]:
    """Return what was noted at one session, by the id of the person."""
    statement = select(Attendance.person_id, Attendance.status).where(Attendance.group_session_id == group_session_id)
    return {row.person_id: row.status for row in db.session.execute(statement)}


def tallies_at(group_session_id: int) -> dict[str, int]:
    """Return the presences counted without names at one session, by profession; an empty slug: not told."""
    statement = select(AttendanceTally.profession_slug, AttendanceTally.count).where(
        AttendanceTally.group_session_id == group_session_id, AttendanceTally.count > 0
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


@dataclass(frozen=True)
class Word:
    """What one device said of somebody, and when."""

    device: UUID
    mark: str
    said_at: datetime


@dataclass(frozen=True)
class Trace:
    """What devices sent of the persons of one session."""

    disagreements: dict[int, tuple[Word, Word]]  # by person: the last word, and the one it met without having seen it
    added: dict[UUID, int]  # by key of the change that added her: the person


def trace_of(group_session_id: int) -> Trace:
    """Return who was added from a device, and of whom two devices said different things until now."""
    statement = (
        select(AttendanceChange)
        .where(AttendanceChange.group_session_id == group_session_id, AttendanceChange.person_id.is_not(None))
        .order_by(AttendanceChange.id)
    )
    rows = list(db.session.execute(statement).scalars())
    by_key = {row.key: row for row in rows}
    last = {row.person_id: row for row in rows}
    met = {
        person_id: (_word(row), _word(by_key[row.against]))
        for person_id, row in last.items()
        if person_id is not None and row.against in by_key
    }
    return Trace(met, {row.key: row.person_id for row in rows if row.kind == ChangeKind.WALK_IN and row.person_id})


def _word(row: AttendanceChange) -> Word:
    return Word(row.device, row.value.get("mark", AttendanceStatus.PRESENT.value), row.said_at)
