"""What the coordination reads of one person: her seasons, her dates, the sessions she animates."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from cpts_sessions.registrations.models import Enrolment, Registration


@dataclass
class Season:
    """One calendar year of one person, each list in the order of its dates."""

    year: int
    enrolments: list[Enrolment] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    animated: list[GroupSession] = field(default_factory=list)


def seasons(person_id: int) -> list[Season]:
    """Return the years in which a person asked for or animated something, the latest first."""
    found: dict[int, Season] = {}

    def of(year: int) -> Season:
        return found.setdefault(year, Season(year))

    for enrolment in _enrolments(person_id):
        of(enrolment.season).enrolments.append(enrolment)
    for registration in _registrations(person_id):
        of(registration.group_session.season).registrations.append(registration)
    for group_session in _animated(person_id):
        of(group_session.season).animated.append(group_session)
    return [found[year] for year in sorted(found, reverse=True)]


def last_phone(seasons: list[Season]) -> str | None:
    """Return the telephone given at the latest registration that has one; None once all are erased."""
    given = [one for season in seasons for one in season.registrations if one.phone]
    return max(given, key=lambda one: (one.queued_at, one.id)).phone if given else None


def _enrolments(person_id: int) -> list[Enrolment]:
    statement = select(Enrolment).where(Enrolment.person_id == person_id).order_by(Enrolment.programme_id)
    return list(db.session.execute(statement.options(joinedload(Enrolment.programme))).scalars())


def _registrations(person_id: int) -> list[Registration]:
    statement = (
        select(Registration)
        .join(Registration.group_session)
        .join(GroupSession.programme)
        .where(Registration.person_id == person_id)
        .order_by(GroupSession.starts_at, Registration.id)
        .options(contains_eager(Registration.group_session).contains_eager(GroupSession.programme))
    )
    return list(db.session.execute(statement).scalars())


def _animated(person_id: int) -> list[GroupSession]:
    statement = (
        select(GroupSession)
        .join(GroupSession.programme)
        .join(SessionAnimator, SessionAnimator.group_session_id == GroupSession.id)
        .where(SessionAnimator.person_id == person_id)
        .order_by(GroupSession.starts_at, GroupSession.id)
        .options(contains_eager(GroupSession.programme))
    )
    return list(db.session.execute(statement).scalars())
