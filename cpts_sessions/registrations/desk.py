"""What the coordination reads of sessions and seats: the list, one session's people, what waits for a decision."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.core.clock import local, now
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.people.duplicates import possible_pairs
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import rules as programme_rules
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator, SessionStatus
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.models import SEATED, EndedBy, Registration, Status

Counts = Select[GroupSession, Any, Any, Any, Any]  # a session, and its registrations counted by status


@dataclass(frozen=True)
class Line:
    """One session, its seats and its people counted, at the instant it was read."""

    group_session: GroupSession
    taken: int  # confirmed and offered
    waiting: int
    requested: int
    came: int  # walk-ins
    seen_at: datetime
    is_kept: bool = False  # held by a decision, although under its minimum

    @property
    def state(self) -> str:
        """The one word that says most of it (see `programmes.rules.state`); or kept, under its minimum."""
        word = programme_rules.state(self.group_session, self.taken, at=self.seen_at)
        return "kept" if self.is_kept and word == "below_minimum" else word

    @property
    def days_since_end(self) -> int:
        """How many whole days ago it ended."""
        return (self.seen_at - self.group_session.ends_at).days

    @property
    def is_late(self) -> bool:
        """Whether it should have been closed by now: whoever animates has been reminded."""
        return self.state == "to_close" and self.seen_at >= self.group_session.ends_at + programme_rules.CLOSED_WITHIN


@dataclass(frozen=True)
class People:
    """Everybody who asked for a place in one session, by what became of it."""

    confirmed: list[Registration] = field(default_factory=list)
    offered: list[Registration] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)  # first come first
    requested: list[Registration] = field(default_factory=list)
    walk_in: list[Registration] = field(default_factory=list)
    ended: list[Registration] = field(default_factory=list)


@dataclass(frozen=True)
class Request:
    """What a non-member asks: one date, or every date of a season in one answer."""

    registration: Registration  # the first date: what accepting or refusing is told of
    dates: list[GroupSession]


@dataclass(frozen=True)
class Decisions:
    """What waits for the coordination."""

    below_minimum: list[Line]
    to_close: list[Line]
    to_call: list[tuple[GroupSession, int]]  # cancelled on the day: how many are still to be called
    to_offer: list[Registration]  # seats kept for somebody without e-mail: only a call can tell her
    requests: int
    failed_messages: int
    duplicates: int  # pairs of records that may be one person

    @property
    def number(self) -> int:
        """How many things there are to decide."""
        lists = len(self.below_minimum) + len(self.to_close) + len(self.to_call) + len(self.to_offer)
        return lists + bool(self.requests) + bool(self.failed_messages) + bool(self.duplicates)


def _counted(*statuses: Status) -> ColumnElement[int]:
    return func.count(case((Registration.status.in_(statuses), 1)))


def _lines(organisation_id: int) -> Counts:
    seats = (
        select(
            Registration.group_session_id.label("session_id"),
            _counted(*SEATED).label("taken"),
            _counted(Status.WAITING).label("waiting"),
            _counted(Status.REQUESTED).label("requested"),
            _counted(Status.WALK_IN).label("came"),
        )
        .where(Registration.organisation_id == organisation_id)
        .group_by(Registration.group_session_id)
        .subquery()
    )
    return (
        select(
            GroupSession,
            func.coalesce(seats.c.taken, 0),
            func.coalesce(seats.c.waiting, 0),
            func.coalesce(seats.c.requested, 0),
            func.coalesce(seats.c.came, 0),
        )
        .join(GroupSession.programme)
        .outerjoin(seats, seats.c.session_id == GroupSession.id)
        .where(GroupSession.organisation_id == organisation_id)
        .options(contains_eager(GroupSession.programme))
    )


def _read(statement: Counts) -> list[Line]:
    instant = now()
    lines = [Line(*row, seen_at=instant) for row in db.session.execute(statement)]
    kept = queries.kept_under_minimum(one.group_session for one in lines if one.state == "below_minimum")
    return [replace(one, is_kept=True) if one.group_session.id in kept else one for one in lines]


def line(group_session: GroupSession) -> Line:
    """Return the counts of one session."""
    return _read(_lines(group_session.organisation_id).where(GroupSession.id == group_session.id))[0]


def season(organisation_id: int, year: int, programme: Programme | None = None) -> list[Line]:
    """Return the sessions of a calendar year in the order of their dates, of one programme or of all."""
    first, end = queries.season_bounds(year)
    statement = _lines(organisation_id).where(GroupSession.starts_at >= first, GroupSession.starts_at < end)
    if programme is not None:
        statement = statement.where(GroupSession.programme_id == programme.id)
    return _read(statement.order_by(GroupSession.starts_at, GroupSession.id))


def upcoming(organisation_id: int, programme: Programme | None = None, *, most: int | None = 8) -> list[Line]:
    """Return the next sessions of any year, in preparation and cancelled ones too; all of them when `most` is None."""
    statement = _lines(organisation_id).where(GroupSession.ends_at > now())
    if programme is not None:
        statement = statement.where(GroupSession.programme_id == programme.id)
    return _read(statement.order_by(GroupSession.starts_at, GroupSession.id).limit(most))


def decisions(organisation_id: int) -> Decisions:
    """Return what waits for the coordination now, the most urgent first."""
    instant = now()
    is_open = _lines(organisation_id).where(GroupSession.status == SessionStatus.OPEN)
    near = is_open.where(
        GroupSession.starts_at > instant, GroupSession.starts_at <= instant + programme_rules.DECIDES_BEFORE
    )
    over = is_open.where(GroupSession.ends_at <= instant)
    return Decisions(
        below_minimum=[one for one in _read(near.order_by(GroupSession.starts_at)) if one.state == "below_minimum"],
        to_close=_read(over.order_by(GroupSession.starts_at)),
        to_call=_calls_of_the_day(organisation_id, instant),
        to_offer=_offered_without_mail(organisation_id, instant),
        requests=count_requests(organisation_id),
        failed_messages=_failed_messages(organisation_id),
        duplicates=len(possible_pairs(organisation_id)),
    )


def _calls_of_the_day(organisation_id: int, instant: datetime) -> list[tuple[GroupSession, int]]:
    day = local(instant).replace(hour=0, minute=0, second=0, microsecond=0)
    statement = (
        select(GroupSession, func.count())
        .join(Registration, Registration.group_session_id == GroupSession.id)
        .join(GroupSession.programme)
        .where(
            GroupSession.organisation_id == organisation_id,
            GroupSession.status == SessionStatus.CANCELLED,
            GroupSession.starts_at > instant,
            GroupSession.cancelled_at >= day,
            Registration.ended_by == EndedBy.SESSION,
            Registration.called_at.is_(None),
        )
        .group_by(GroupSession.id, Programme.id)
        .options(contains_eager(GroupSession.programme))
        .order_by(GroupSession.starts_at)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(statement)]
    return [(one, number) for one, number in rows if is_day_of(one, instant)]


def _offered_without_mail(organisation_id: int, instant: datetime) -> list[Registration]:
    statement = (
        select(Registration)
        .join(Registration.group_session)
        .join(GroupSession.programme)
        .join(Registration.person)
        .where(
            Registration.organisation_id == organisation_id,
            Registration.status == Status.OFFERED,
            Registration.offer_expires_at > instant,
            Person.email.is_(None),
        )
        .options(
            contains_eager(Registration.person),
            contains_eager(Registration.group_session).contains_eager(GroupSession.programme),
        )
        .order_by(Registration.offer_expires_at, Registration.id)
    )
    return list(db.session.execute(statement).scalars())


def is_day_of(group_session: GroupSession, instant: datetime) -> bool:
    """Whether an instant falls on the local day of a session: a mail may then come too late."""
    return local(group_session.starts_at).date() == local(instant).date()


def _failed_messages(organisation_id: int) -> int:
    statement = select(func.count()).where(
        OutboxMessage.organisation_id == organisation_id,
        OutboxMessage.status == MessageStatus.FAILED,
        OutboxMessage.is_sign_in.is_(False),
    )
    return db.session.execute(statement).scalar_one()


def people_of(group_session: GroupSession) -> People:
    """Return everybody who ever asked for a place in a session, in the order they came."""
    statement = (
        select(Registration)
        .where(Registration.group_session_id == group_session.id)
        .order_by(Registration.queued_at, Registration.id)
        .options(joinedload(Registration.person))
    )
    people = People()
    lists = {status: getattr(people, status.value) for status in Status if hasattr(people, status.value)}
    for registration in db.session.execute(statement).scalars():
        lists.get(Status(registration.status), people.ended).append(registration)
    return people


def _waiting_requests(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Registration.organisation_id == organisation_id,
        Registration.status == Status.REQUESTED,
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.starts_at > now(),
    )


def count_requests(organisation_id: int) -> int:
    """Count the requests of non-members that wait for a yes; a season asked for at once is one request."""
    asked = func.coalesce(-Registration.enrolment_id, Registration.id)
    statement = select(func.count(asked.distinct())).join(GroupSession).where(*_waiting_requests(organisation_id))
    return db.session.execute(statement).scalar_one()


def requests(organisation_id: int) -> list[Request]:
    """Return the requests of non-members that wait for a yes, the oldest first."""
    statement = (
        select(Registration)
        .join(GroupSession)
        .join(GroupSession.programme)
        .where(*_waiting_requests(organisation_id))
        .order_by(Registration.queued_at, GroupSession.starts_at, Registration.id)
        .options(
            joinedload(Registration.person),
            contains_eager(Registration.group_session).contains_eager(GroupSession.programme),
        )
    )
    found: dict[int, Request] = {}
    for registration in db.session.execute(statement).scalars():
        key = -registration.enrolment_id if registration.enrolment_id else registration.id
        found.setdefault(key, Request(registration, [])).dates.append(registration.group_session)
    return list(found.values())


def to_call(group_session: GroupSession) -> list[Registration]:
    """Return those whom a cancelled session sent away, those without e-mail first."""
    told = queries.ended_with_session(group_session.id)
    return sorted(told, key=lambda one: (one.person.email is not None, one.phone is None and one.person.phone is None))


def possible_animators(organisation_id: int) -> list[Person]:
    """Return those who animate: by their role, or because a session was given to them."""
    by_role = select(Role.person_id).where(Role.organisation_id == organisation_id, Role.name == RoleName.ANIMATOR)
    by_session = select(SessionAnimator.person_id).where(SessionAnimator.organisation_id == organisation_id)
    statement = (
        select(Person)
        .where(Person.organisation_id == organisation_id, Person.erased_at.is_(None))
        .where(or_(Person.id.in_(by_role), Person.id.in_(by_session)))
        .order_by(Person.last_name, Person.first_name)
    )
    return list(db.session.execute(statement).scalars())
