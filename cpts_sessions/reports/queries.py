"""The rows of one year, read once: a fixed number of queries whatever the size, plain values, no objects.

What they amount to is for `indicators`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select, union

from cpts_sessions.attendance.models import Attendance, AttendanceStatus, AttendanceTally
from cpts_sessions.core.clock import local
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person, Profession
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator, SessionStatus
from cpts_sessions.registrations.models import LIVE, Enrolment, Registration
from cpts_sessions.registrations.queries import season_bounds
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames
from cpts_sessions.reports.sentences.people import ProfessionForms
from cpts_sessions.rights.opaque import as_one, same_persons


class ProgrammeRow(NamedTuple):
    """One programme of the organisation; `names` is what its sessions are called."""

    id: int
    slug: str
    name: str
    names: ProgrammeNames
    action: int | None
    counts_animators: bool
    is_training: bool = False  # its dates go together


class SessionRow(NamedTuple):
    """One session that starts in the year, drafts apart."""

    id: int
    public_id: UUID
    programme_id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    is_discovery: bool
    place_name: str
    cancel_reason: str
    capacity: int


class SeatRow(NamedTuple):
    """One live registration to a session of the year."""

    person_id: int
    group_session_id: int
    status: str
    profession_slug: str | None
    civility: str | None


class EnrolmentRow(NamedTuple):
    """One enrolment of the season, left or not."""

    person_id: int
    programme_id: int
    profession_slug: str | None
    civility: str | None
    is_pending: bool
    created_at: datetime
    imported_at: datetime | None
    left_at: datetime | None


class AnimatorRow(NamedTuple):
    """One person who animates one session of the year."""

    person_id: int
    group_session_id: int
    profession_slug: str | None
    civility: str | None


class PresenceRow(NamedTuple):
    """One person noted present at one session of the year."""

    person_id: int
    group_session_id: int


class TallyRow(NamedTuple):
    """People noted without their names at one session of the year; the slug is empty when not told."""

    group_session_id: int
    profession_slug: str
    people: int


class RecordRow(NamedTuple):
    """What the CPTS knows of a person whose rows are in the year."""

    id: int
    civility: str | None
    profession_slug: str | None


class NameRow(NamedTuple):
    """How a person is shown in a list; `erased_at` set: she has no name any more."""

    id: int
    public_id: UUID
    first_name: str
    last_name: str
    erased_at: datetime | None


@dataclass(frozen=True)
class SeasonRows:
    """Everything a count of the year rests on. Sessions are in the order of their dates."""

    year: int
    programmes: tuple[ProgrammeRow, ...]
    sessions: tuple[SessionRow, ...]
    seats: tuple[SeatRow, ...]
    enrolments: tuple[EnrolmentRow, ...]
    animators: tuple[AnimatorRow, ...]
    presences: tuple[PresenceRow, ...]
    tallies: tuple[TallyRow, ...]
    records: dict[int, RecordRow]
    professions: dict[str, ProfessionForms]


def season_rows(organisation_id: int, year: int) -> SeasonRows:
    """Return the rows of one year of an organisation: sessions that start in it in local time, and their people."""
    in_year, same = _sessions_of(organisation_id, year), same_persons(organisation_id, year)
    return SeasonRows(
        year=year,
        programmes=_programmes(organisation_id),
        sessions=tuple(SessionRow(*row) for row in _rows(_session_columns(in_year))),
        seats=as_one(same, (SeatRow(*row) for row in _rows(_seats(in_year)))),
        enrolments=as_one(same, (EnrolmentRow(*row) for row in _rows(_enrolments(organisation_id, year)))),
        animators=as_one(same, (AnimatorRow(*row) for row in _rows(_animators(in_year)))),
        presences=as_one(same, (PresenceRow(*row) for row in _rows(_presences(in_year)))),
        tallies=tuple(TallyRow(*row) for row in _rows(_tallies(in_year))),
        records={row[0]: RecordRow(*row) for row in _rows(_records(organisation_id, year, in_year, same.values()))},
        professions=professions(organisation_id),
    )


def professions(organisation_id: int) -> dict[str, ProfessionForms]:
    """Return how the report writes each profession of an organisation, by slug, active or not."""
    statement = select(
        Profession.slug,
        Profession.report_singular_m,
        Profession.report_singular_f,
        Profession.report_plural_m,
        Profession.report_plural_f,
        Profession.sort_order,
    ).where(Profession.organisation_id == organisation_id)
    return {row[0]: ProfessionForms(*row[1:]) for row in _rows(statement)}


def names(organisation_id: int, person_ids: Iterable[int]) -> list[NameRow]:
    """Return the names of these persons, by last name, then first name; those erased come last."""
    statement = (
        select(Person.id, Person.public_id, Person.first_name, Person.last_name, Person.erased_at)
        .where(Person.organisation_id == organisation_id, Person.id.in_(sorted(person_ids)))
        .order_by(Person.erased_at.is_not(None), Person.last_name, Person.first_name, Person.id)
    )
    return [NameRow(*row) for row in _rows(statement)]


def years(organisation_id: int) -> list[int]:
    """Return the years that have sessions, from the first to the last, none skipped; empty without any."""
    bounds = [
        db.session.execute(
            select(GroupSession.starts_at)
            .where(GroupSession.organisation_id == organisation_id)
            .order_by(order)
            .limit(1)
        ).scalar()
        for order in (GroupSession.starts_at, GroupSession.starts_at.desc())
    ]
    first, last = bounds
    if first is None or last is None:
        return []
    return list(range(local(first).year, local(last).year + 1))


def _programmes(organisation_id: int) -> tuple[ProgrammeRow, ...]:
    statement = (
        select(
            Programme.id,
            Programme.slug,
            Programme.name,
            *(Programme.singular, Programme.plural, Programme.gender),
            Programme.action,
            Programme.counts_animators,
            Programme.goes_together,
        )
        .where(Programme.organisation_id == organisation_id)
        .order_by(Programme.sort_order, Programme.id)
    )
    return tuple(
        ProgrammeRow(id_, slug, name, ProgrammeNames(singular, plural, Gender(gender)), *others)
        for id_, slug, name, singular, plural, gender, *others in _rows(statement)
    )


def _sessions_of(organisation_id: int, year: int) -> Select[int]:
    first, end = season_bounds(year)
    return select(GroupSession.id).where(
        GroupSession.organisation_id == organisation_id,
        GroupSession.status != SessionStatus.DRAFT,
        GroupSession.starts_at >= first,
        GroupSession.starts_at < end,
    )


def _session_columns(in_year: Select[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            GroupSession.id,
            GroupSession.public_id,
            GroupSession.programme_id,
            GroupSession.starts_at,
            GroupSession.ends_at,
            GroupSession.status,
            GroupSession.is_discovery,
            GroupSession.place_name,
            GroupSession.cancel_reason,
            GroupSession.capacity,
        )
        .where(GroupSession.id.in_(in_year))
        .order_by(GroupSession.starts_at, GroupSession.id)
    )


def _seats(in_year: Select[int]) -> Select[*tuple[Any, ...]]:
    return select(
        Registration.person_id,
        Registration.group_session_id,
        Registration.status,
        Registration.profession_slug,
        Registration.civility,
    ).where(Registration.group_session_id.in_(in_year), Registration.status.in_(LIVE))


def _enrolments(organisation_id: int, year: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.person_id,
            Enrolment.programme_id,
            Enrolment.profession_slug,
            Enrolment.civility,
            Enrolment.is_pending,
            Enrolment.created_at,
            Enrolment.imported_at,
            Enrolment.left_at,
        )
        .where(Enrolment.organisation_id == organisation_id, Enrolment.season == year)
        .order_by(Enrolment.created_at, Enrolment.id)
    )


def _animators(in_year: Select[int]) -> Select[*tuple[Any, ...]]:
    return select(
        SessionAnimator.person_id,
        SessionAnimator.group_session_id,
        SessionAnimator.profession_slug,
        SessionAnimator.civility,
    ).where(SessionAnimator.group_session_id.in_(in_year))


def _presences(in_year: Select[int]) -> Select[*tuple[Any, ...]]:
    return select(Attendance.person_id, Attendance.group_session_id).where(
        Attendance.group_session_id.in_(in_year), Attendance.status == AttendanceStatus.PRESENT
    )


def _tallies(in_year: Select[int]) -> Select[*tuple[Any, ...]]:
    return select(AttendanceTally.group_session_id, AttendanceTally.profession_slug, AttendanceTally.count).where(
        AttendanceTally.group_session_id.in_(in_year), AttendanceTally.count > 0
    )


def _records(organisation_id: int, year: int, in_year: Select[int], also: Iterable[int]) -> Select[*tuple[Any, ...]]:
    involved = union(
        select(Registration.person_id).where(Registration.group_session_id.in_(in_year)),
        select(Enrolment.person_id).where(Enrolment.organisation_id == organisation_id, Enrolment.season == year),
        select(SessionAnimator.person_id).where(SessionAnimator.group_session_id.in_(in_year)),
        select(Attendance.person_id).where(Attendance.group_session_id.in_(in_year)),
    )
    theirs = Person.organisation_id == organisation_id, or_(Person.id.in_(involved), Person.id.in_(also))
    return select(Person.id, Person.civility, Person.profession_slug).where(*theirs)


def _rows(statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return db.session.execute(statement).all()
