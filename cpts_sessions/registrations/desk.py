"""What the coordination reads of sessions and seats: the list, and one session's people."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.core.clock import local, now
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import rules as programme_rules
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.models import SEATED, Registration, Status


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


def sessions_of(organisation_id: int) -> Select[GroupSession]:
    """Return the statement that reads the sessions of an organisation with their programmes, to be narrowed."""
    return (
        select(GroupSession)
        .join(GroupSession.programme)
        .where(GroupSession.organisation_id == organisation_id)
        .options(contains_eager(GroupSession.programme))
    )


def lines(statement: Select[GroupSession]) -> list[Line]:
    """Return the counts of the sessions of a statement, in its order: three queries, however many there are."""
    instant = now()
    found = list(db.session.execute(statement).scalars())
    counted = _counts([one.id for one in found])
    read = [Line(one, *counted.get(one.id, (0, 0, 0, 0)), seen_at=instant) for one in found]
    kept = queries.kept_under_minimum(one.group_session for one in read if one.state == "below_minimum")
    return [replace(one, is_kept=True) if one.group_session.id in kept else one for one in read]


def _counts(ids: list[int]) -> dict[int, tuple[int, int, int, int]]:
    """Seats taken, people waiting, asking, and come without a seat, of each session that has any."""

    def counted(*statuses: Status) -> ColumnElement[int]:
        return func.count(case((Registration.status.in_(statuses), 1)))

    statement = (
        select(
            Registration.group_session_id,
            counted(*SEATED),
            counted(Status.WAITING),
            counted(Status.REQUESTED),
            counted(Status.WALK_IN),
        )
        .where(Registration.group_session_id.in_(ids))
        .group_by(Registration.group_session_id)
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in db.session.execute(statement)} if ids else {}


def line(group_session: GroupSession) -> Line:
    """Return the counts of one session."""
    return lines(sessions_of(group_session.organisation_id).where(GroupSession.id == group_session.id))[0]


def season(organisation_id: int, year: int, programme: Programme | None = None) -> list[Line]:
    """Return the sessions of a calendar year in the order of their dates, of one programme or of all."""
    first, end = queries.season_bounds(year)
    statement = sessions_of(organisation_id).where(GroupSession.starts_at >= first, GroupSession.starts_at < end)
    if programme is not None:
        statement = statement.where(GroupSession.programme_id == programme.id)
    return lines(statement.order_by(GroupSession.starts_at, GroupSession.id))


def upcoming(organisation_id: int, programme: Programme | None = None, *, most: int | None = 8) -> list[Line]:
    """Return the next sessions of any year, in preparation and cancelled ones too; all of them when `most` is None."""
    statement = sessions_of(organisation_id).where(GroupSession.ends_at > now())
    if programme is not None:
        statement = statement.where(GroupSession.programme_id == programme.id)
    return lines(statement.order_by(GroupSession.starts_at, GroupSession.id).limit(most))


def is_day_of(group_session: GroupSession, instant: datetime) -> bool:
    """Whether an instant falls on the local day of a session: a mail may then come too late."""
    return local(group_session.starts_at).date() == local(instant).date()


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
