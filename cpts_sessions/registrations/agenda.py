"""What every visitor sees of the sessions: when, where, and how many places are left. Never who comes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import MONTHS
from cpts_sessions.extensions import db
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import Audience, GroupSession, Programme, SessionStatus
from cpts_sessions.registrations.models import SEATED, Registration, Status

PER_PAGE = 20


class State(StrEnum):
    """What a visitor may do about a session at this instant."""

    OPEN = "open"
    FULL = "full"  # its waiting list is open
    NOT_YET = "not_yet"  # sign-ups open later
    CLOSED = "closed"  # sign-ups have closed
    BEGUN = "begun"
    PAST = "past"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Announced:
    """One session with its places, as the visitors of this instant see it."""

    group_session: GroupSession
    taken: int
    waiting: int
    seen_at: datetime

    @property
    def state(self) -> State:
        """What a visitor may do about it."""
        one, at = self.group_session, self.seen_at
        if one.status == SessionStatus.CANCELLED:
            return State.CANCELLED
        if at >= one.ends_at or one.status == SessionStatus.HELD:
            return State.PAST
        if at >= one.starts_at:
            return State.BEGUN
        if one.opens_at and at < one.opens_at:
            return State.NOT_YET
        if one.closes_at and at >= one.closes_at:
            return State.CLOSED
        return State.FULL if self.free <= 0 else State.OPEN

    @property
    def takes_sign_ups(self) -> bool:
        """Whether the form is open: for a seat, or for the waiting list."""
        return self.state in (State.OPEN, State.FULL)

    @property
    def month(self) -> tuple[tuple[int, int], str]:
        """Its month, to group by: what sorts it, and its name."""
        day = local(self.group_session.starts_at)
        return (day.year, day.month), f"{MONTHS[day.month - 1].capitalize()} {day.year}"

    @property
    def is_full(self) -> bool:
        """Whether every place is taken or kept for somebody."""
        return self.free <= 0

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.group_session.capacity - self.taken

    @property
    def places(self) -> str:
        """The places left, in words."""
        return wording.places_left(self.free, self.group_session.capacity)

    @property
    def place(self) -> str:
        """Where it is, as far as everybody may know."""
        return wording.public_place(self.group_session)

    @property
    def is_for_members(self) -> bool:
        """Whether others than members ask first."""
        return self.group_session.programme.audience == Audience.MEMBERS

    @property
    def is_remote(self) -> bool:
        """Whether it is held at a distance only."""
        return bool(self.group_session.video_url) and not self.group_session.place_name


@dataclass(frozen=True)
class AgendaPage:
    """One page of the agenda."""

    sessions: list[Announced]
    page: int
    pages: int
    total: int


def agenda_page(
    organisation_id: int, page: int = 1, *, programme: Programme | None = None, with_places: bool = False
) -> AgendaPage | None:
    """Return the sessions to come, oldest first, twenty a page; the cancelled ones stay until their day.

    Returns:
        None when there is no such page.
    """
    at = now()
    wanted = _to_come(organisation_id, at)
    if programme:
        wanted.append(GroupSession.programme_id == programme.id)
    if with_places:
        wanted += [
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.capacity > count_taken(),
            *_takes_sign_ups(at),
        ]
    total = db.session.execute(select(func.count()).select_from(GroupSession).where(*wanted)).scalar_one()
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        return None
    statement = _with_places().where(*wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return AgendaPage(_announced(statement, at), page, pages, total)


def programmes_to_come(organisation_id: int) -> list[tuple[Programme, int]]:
    """Return the programmes that have sessions to come, with how many of them, in their order."""
    statement = (
        select(Programme, func.count(GroupSession.id))
        .join(GroupSession, GroupSession.programme_id == Programme.id)
        .where(*_to_come(organisation_id, now()))
        .group_by(Programme.id)
        .order_by(Programme.sort_order, Programme.name)
    )
    return [(programme, number) for programme, number in db.session.execute(statement)]


def announced(organisation_id: int, public_id: UUID) -> Announced | None:
    """Return one session as visitors see it; None while it is in preparation."""
    group_session = programmes.announced_session(organisation_id, public_id)
    if group_session is None:
        return None
    taken, waiting = db.session.execute(_counts_of_one(), {"group_session": group_session.id}).one()
    return Announced(group_session, taken, waiting, now())


@cache
def _counts_of_one() -> Select[int, int]:
    return select(count_taken(), count_waiting()).where(GroupSession.id == bindparam("group_session"))


def other_dates(group_session: GroupSession, most: int = 6) -> list[Announced]:
    """Return the next open dates of the same programme."""
    at = now()
    statement = _with_places().where(
        *_to_come(group_session.organisation_id, at),
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.programme_id == group_session.programme_id,
        GroupSession.id != group_session.id,
    )
    return _announced(statement.limit(most), at)


@dataclass(frozen=True)
class Together:
    """The dates that one signs up to at once, and those of the same training that another year has."""

    dates: list[Announced]
    apart: list[GroupSession]


def dates_together(shown: Iterable[Announced]) -> dict[int, Together]:
    """Return, by the id of each of these sessions whose dates go together, those one signs up to with it, itself too.

    They are what `enrolments.enrol` gives: the open dates to come of its season. One that takes no sign-ups any more
    is not among them. Nothing is read when no date goes with others.
    """
    wanted = [one.group_session for one in shown if one.group_session.goes_together]
    if not wanted:
        return {}
    at = now()
    statement = _with_places().where(
        GroupSession.programme_id.in_({one.programme_id for one in wanted}),
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.is_discovery.is_(False),
        GroupSession.starts_at >= at,
        or_(GroupSession.closes_at.is_(None), GroupSession.closes_at > at),
    )
    sets: dict[tuple[int, int], list[Announced]] = defaultdict(list)
    for one in _announced(statement, at):
        sets[one.group_session.programme_id, one.group_session.season].append(one)
    found = {one.id: Together(sets[one.programme_id, one.season], _apart(one, sets)) for one in wanted}
    return {id_: one for id_, one in found.items() if id_ in [date.group_session.id for date in one.dates]}


def _apart(one: GroupSession, sets: Mapping[tuple[int, int], list[Announced]]) -> list[GroupSession]:
    others = [dates for key, dates in sets.items() if key[0] == one.programme_id and key[1] != one.season]
    return [date.group_session for dates in others for date in dates]


def next_open(organisation_id: int, most: int, programme: Programme | None = None) -> list[GroupSession]:
    """Return the next dates to make known, of one programme or of all: those one can sign up to, now or later."""
    at = now()
    statement = select(GroupSession).join(GroupSession.programme).options(contains_eager(GroupSession.programme))
    wanted = [
        *_to_come(organisation_id, at),
        GroupSession.status == SessionStatus.OPEN,
        or_(GroupSession.closes_at.is_(None), GroupSession.closes_at > at),
    ]
    if programme is not None:
        wanted.append(GroupSession.programme_id == programme.id)
    ordered = statement.where(*wanted).order_by(GroupSession.starts_at, GroupSession.id)
    return list(db.session.execute(ordered.limit(most)).scalars())


def next_with_sign_ups(organisation_id: int, most: int) -> list[Announced]:
    """Return the next sessions whose form is open now, for a seat or for the waiting list, however far they are."""
    at = now()
    wanted = [*_to_come(organisation_id, at), GroupSession.status == SessionStatus.OPEN, *_takes_sign_ups(at)]
    return _announced(_with_places().where(*wanted).limit(most), at)


def _to_come(organisation_id: int, at: datetime) -> list[ColumnElement[bool]]:
    return [
        GroupSession.organisation_id == organisation_id,
        GroupSession.status.in_((SessionStatus.OPEN, SessionStatus.CANCELLED)),
        GroupSession.starts_at > at,
    ]


def _takes_sign_ups(at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        or_(GroupSession.opens_at.is_(None), GroupSession.opens_at <= at),
        or_(GroupSession.closes_at.is_(None), GroupSession.closes_at > at),
    )


@cache
def count_taken() -> ColumnElement[int]:
    """Count, beside a row of `group_session`, the seats that nobody else can have."""
    return _count(SEATED)


@cache
def count_waiting() -> ColumnElement[int]:
    """Count, beside a row of `group_session`, those who wait."""
    return _count((Status.WAITING,))


def _count(statuses: Iterable[Status]) -> ColumnElement[int]:
    counted = aliased(Registration)  # the statement around may itself be about a registration
    return (
        select(func.count())
        .select_from(counted)
        .where(counted.group_session_id == GroupSession.id, counted.status.in_([status.value for status in statuses]))
        .correlate(GroupSession)
        .scalar_subquery()
    )


def _with_places() -> Select[GroupSession, int, int]:
    return (
        select(GroupSession, count_taken(), count_waiting())
        .join(GroupSession.programme)
        .options(contains_eager(GroupSession.programme))
        .order_by(GroupSession.starts_at, GroupSession.id)
    )


def _announced(statement: Select[GroupSession, int, int], at: datetime) -> list[Announced]:
    return [Announced(one, taken, waiting, at) for one, taken, waiting in db.session.execute(statement)]
