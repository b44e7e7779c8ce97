"""What is stored about seats, read under the scope of a session or a person."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from cpts_sessions.core.clock import PARIS, at, local, now
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.registrations.models import (
    LIVE,
    SEATED,
    EndedBy,
    Enrolment,
    MinimumDecision,
    Registration,
    Status,
)

# Asked at every sign-up: built once, so that only their values change.
_LOCKED = (
    select(GroupSession)
    .where(GroupSession.id.in_(bindparam("ids", expanding=True)))
    .order_by(GroupSession.id)
    .options(joinedload(GroupSession.programme, innerjoin=True), joinedload(GroupSession.organisation, innerjoin=True))
    .with_for_update(of=GroupSession)
    .execution_options(populate_existing=True)
)
_FOUND = (
    select(Registration)
    .where(Registration.group_session_id == bindparam("group_session"), Registration.person_id == bindparam("person"))
    .execution_options(populate_existing=True)
)
_TAKEN = select(func.count()).where(
    Registration.group_session_id == bindparam("group_session"), Registration.status.in_(SEATED)
)


def lock_group_session(group_session_id: int) -> GroupSession:
    """Return the session, its row locked until the end of the transaction, read afresh."""
    return lock_group_sessions([group_session_id])[0]


def lock_programme(programme_id: int) -> Programme:
    """Return the programme, its row locked: enrolling and adding dates wait for each other.

    Not its key: rows that name it are written meanwhile, by two who will then both want the lock.
    """
    statement = select(Programme).where(Programme.id == programme_id).with_for_update(key_share=True)
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def lock_group_sessions(ids: list[int]) -> list[GroupSession]:
    """Lock several sessions, always in the same order, so that two writers never wait for each other."""
    return list(db.session.execute(_LOCKED, {"ids": ids}).scalars())


def find(group_session_id: int, person_id: int) -> Registration | None:
    """Return this person's row for this session, whatever its status."""
    asked = {"group_session": group_session_id, "person": person_id}
    return db.session.execute(_FOUND, asked).scalar_one_or_none()


def asked(group_session_ids: list[int]) -> set[tuple[int, int]]:
    """Return (session, person) for everybody who ever asked for a place in these sessions."""
    statement = select(Registration.group_session_id, Registration.person_id)
    rows = db.session.execute(statement.where(Registration.group_session_id.in_(group_session_ids)))
    return {(row.group_session_id, row.person_id) for row in rows}


def seats_taken(group_session_id: int) -> int:
    """Count the seats that nobody else can have: confirmed and offered."""
    return db.session.execute(_TAKEN, {"group_session": group_session_id}).scalar_one()


def waiting(group_session_id: int) -> list[Registration]:
    """Return the waiting list, first come first."""
    statement = (
        select(Registration)
        .where(Registration.group_session_id == group_session_id, Registration.status == Status.WAITING)
        .order_by(Registration.queued_at, Registration.id)
        .options(joinedload(Registration.person))
    )
    return list(db.session.execute(statement).scalars())


def count_waiting(group_session_id: int) -> int:
    """Count those who wait for a place."""
    statement = select(func.count()).where(
        Registration.group_session_id == group_session_id, Registration.status == Status.WAITING
    )
    return db.session.execute(statement).scalar_one()


def count_confirmed(group_session_id: int) -> int:
    """Count those who come: a seat that is only kept for somebody is not among them."""
    statement = select(func.count()).where(
        Registration.group_session_id == group_session_id, Registration.status == Status.CONFIRMED
    )
    return db.session.execute(statement).scalar_one()


def decided_under_minimum(sessions: Iterable[GroupSession]) -> list[MinimumDecision]:
    """Return what was asked and decided of these sessions, each for the day it now has."""
    days = {one.id: day_of(one) for one in sessions}
    if not days:
        return []
    statement = select(MinimumDecision).where(MinimumDecision.group_session_id.in_(days))
    return [one for one in db.session.execute(statement).scalars() if one.day == days[one.group_session_id]]


def kept_under_minimum(sessions: Iterable[GroupSession]) -> set[int]:
    """Return the ids of those that the coordination holds although they are under their minimum."""
    return {one.group_session_id for one in decided_under_minimum(sessions) if one.kept_at is not None}


def day_of(group_session: GroupSession) -> datetime:
    """Return the midnight, in Paris, at which the day of a session begins."""
    return at(local(group_session.starts_at).date(), time())


def rank(registration: Registration) -> int:
    """Return the place of a waiting registration on its list, 1 being the first."""
    earlier = select(func.count()).where(
        Registration.group_session_id == registration.group_session_id,
        Registration.status == Status.WAITING,
        or_(
            Registration.queued_at < registration.queued_at,
            (Registration.queued_at == registration.queued_at) & (Registration.id < registration.id),
        ),
    )
    return db.session.execute(earlier).scalar_one() + 1


def live(group_session_id: int) -> list[Registration]:
    """Return everybody who asks for, holds or took a place, seats first, then the list in its order."""
    statement = (
        select(Registration)
        .where(Registration.group_session_id == group_session_id, Registration.status.in_(LIVE))
        .order_by(Registration.queued_at, Registration.id)
        .options(joinedload(Registration.person))
    )
    return list(db.session.execute(statement).scalars())


def by_public_id(organisation_id: int, public_id: UUID) -> Registration | None:
    """Return a registration of this organisation."""
    statement = select(Registration).where(
        Registration.public_id == public_id, Registration.organisation_id == organisation_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def season_bounds(season: int) -> tuple[datetime, datetime]:
    """Return the first instant of a season in Paris, and the first of the next."""
    return datetime(season, 1, 1, tzinfo=PARIS), datetime(season + 1, 1, 1, tzinfo=PARIS)


def open_session_ids(programme_id: int, season: int) -> list[int]:
    """Return the ordinary sessions of a season that who follows it has a place in, oldest first.

    Those announced whose sign-ups open later are among them, as they are for who follows it already.
    """
    first, end = season_bounds(season)
    instant = now()
    statement = (
        select(GroupSession.id)
        .where(
            GroupSession.programme_id == programme_id,
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.is_discovery.is_(False),
            GroupSession.starts_at >= max(first, instant),
            GroupSession.starts_at < end,
            or_(GroupSession.closes_at.is_(None), GroupSession.closes_at > instant),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    return list(db.session.execute(statement).scalars())


def other_dates_with_seats(mine: Registration, most: int = 4) -> list[tuple[GroupSession, int]]:
    """Return the next open sessions of the same programme that have seats and that she has not, with how many.

    Those one can sign up to now: neither before their sign-ups open, nor once they are closed.
    """
    group_session, instant = mine.group_session, now()
    hers = select(Registration.group_session_id).where(
        Registration.person_id == mine.person_id, Registration.status.in_(LIVE)
    )
    taken = (
        select(func.count())
        .where(Registration.group_session_id == GroupSession.id, Registration.status.in_(SEATED))
        .correlate(GroupSession)
        .scalar_subquery()
    )
    statement = (
        select(GroupSession, GroupSession.capacity - taken)
        .where(
            GroupSession.programme_id == group_session.programme_id,
            GroupSession.id != group_session.id,
            GroupSession.id.not_in(hers),
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.starts_at > instant,
            GroupSession.capacity > taken,
            or_(GroupSession.opens_at.is_(None), GroupSession.opens_at <= instant),
            or_(GroupSession.closes_at.is_(None), GroupSession.closes_at > instant),
        )
        .order_by(GroupSession.starts_at)
        .limit(most)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def enrolment(person_id: int, programme_id: int, season: int) -> Enrolment | None:
    """Return this person's enrolment of one season, left or not."""
    statement = select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.programme_id == programme_id, Enrolment.season == season
    )
    return db.session.execute(statement).scalar_one_or_none()


def standing_enrolments(programme_id: int, season: int, *, pending: bool = False) -> list[Enrolment]:
    """Return those who follow every date of this season, or ask to (`pending`), by order of arrival."""
    statement = (
        select(Enrolment)
        .where(
            Enrolment.programme_id == programme_id,
            Enrolment.season == season,
            Enrolment.left_at.is_(None),
            Enrolment.is_pending.is_(pending),
        )
        .order_by(Enrolment.created_at, Enrolment.id)
        .options(joinedload(Enrolment.person))
    )
    return list(db.session.execute(statement).scalars())


def of_enrolment(enrolment_id: int) -> list[Registration]:
    """Return the dates of one enrolment, by their day."""
    statement = (
        select(Registration)
        .join(GroupSession)
        .where(Registration.enrolment_id == enrolment_id)
        .order_by(GroupSession.starts_at)
        .options(joinedload(Registration.group_session).joinedload(GroupSession.programme))
    )
    return list(db.session.execute(statement).scalars())


def ended_with_session(group_session_id: int) -> list[Registration]:
    """Return those whom the cancelling of the session sent away, in the order they came."""
    statement = (
        select(Registration)
        .where(
            Registration.group_session_id == group_session_id,
            Registration.status == Status.CANCELLED,
            Registration.ended_by == EndedBy.SESSION,
        )
        .order_by(Registration.queued_at, Registration.id)
        .options(joinedload(Registration.person))
    )
    return list(db.session.execute(statement).scalars())
