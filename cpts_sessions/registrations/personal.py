"""What one person sees of her own seats: behind a personal link, or on her page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from cpts_sessions.core import links
from cpts_sessions.core.clock import PARIS, local, now, today
from cpts_sessions.core.french import hour, ordinal_f, short_day
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import rules
from cpts_sessions.registrations.agenda import Announced, State, count_taken, count_waiting
from cpts_sessions.registrations.models import EndedBy, Enrolment, Registration, Status


class LinkOver(Exception):
    """A personal link that was good, and has served its time."""


class Situation(StrEnum):
    """Where a registration stands for its owner; each has its sentence and its buttons."""

    CONFIRMED = "confirmed"
    TO_ANSWER = "to_answer"  # asked whether she comes: the session moved, somebody registered her, she said maybe
    OFFERED = "offered"
    FREE = "free"  # she waits and a seat is free: the first who takes it has it
    WAITING = "waiting"
    REQUESTED = "requested"
    WALK_IN = "walk_in"
    LEFT = "left"
    LIST_LEFT = "list_left"
    REFUSED_OFFER = "refused_offer"
    EXPIRED = "expired"
    NOT_THIS_TIME = "not_this_time"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the coordination
    SESSION_CANCELLED = "session_cancelled"
    BEGUN = "begun"
    PAST = "past"


_LIVE = {
    Status.REQUESTED: Situation.REQUESTED,
    Status.WALK_IN: Situation.WALK_IN,
}


@dataclass(frozen=True)
class Mine:
    """One registration as its owner sees it at this instant."""

    registration: Registration
    seen: Announced
    place_in_line: int

    @property
    def group_session(self) -> GroupSession:
        """The session it is for."""
        return self.registration.group_session

    @property
    def situation(self) -> Situation:
        """Where it stands."""
        by_session = {
            State.CANCELLED: Situation.SESSION_CANCELLED,
            State.PAST: Situation.PAST,
            State.BEGUN: Situation.BEGUN,
        }
        return by_session.get(self.seen.state) or (self._live() if self.registration.is_live else self._ended())

    def _live(self) -> Situation:
        one = self.registration
        if one.status == Status.CONFIRMED:
            asked = one.is_invited and one.partstat in ("NEEDS-ACTION", "TENTATIVE")
            return Situation.TO_ANSWER if asked else Situation.CONFIRMED
        if one.status == Status.OFFERED:
            assert one.offer_expires_at is not None  # held by the schema
            return Situation.OFFERED if self.seen.seen_at < one.offer_expires_at else Situation.EXPIRED
        if one.status == Status.WAITING:
            return Situation.FREE if self.seen.free > 0 else Situation.WAITING
        return _LIVE[Status(one.status)]

    def _ended(self) -> Situation:
        one = self.registration
        if one.status == Status.DECLINED:
            if one.ended_by == EndedBy.CLOCK:
                return Situation.EXPIRED
            if one.ended_by == EndedBy.COORDINATION and one.ended_from != Status.OFFERED:  # else by telephone
                return Situation.REFUSED
            return Situation.NOT_THIS_TIME if one.enrolment_id else Situation.REFUSED_OFFER
        if one.ended_by == EndedBy.COORDINATION:
            return Situation.WITHDRAWN
        return Situation.LEFT if one.stamp else Situation.LIST_LEFT  # a seat once had an invitation

    @property
    def rank(self) -> str:
        """Her place on the list: « 2e »."""
        return ordinal_f(self.place_in_line)

    @property
    def deadline(self) -> str:
        """The end of an offer, past or to come: « jeudi 3 avril à 18 h »; empty without one."""
        instant = self.registration.offer_expires_at or self.registration.ended_at
        return f"{short_day(local(instant))} à {hour(local(instant))}" if instant else ""

    @property
    def may_come_back(self) -> bool:
        """Whether she may ask again after having left."""
        again = (Situation.LEFT, Situation.LIST_LEFT, Situation.REFUSED_OFFER, Situation.NOT_THIS_TIME)
        ended = (*again, Situation.EXPIRED, Situation.WITHDRAWN)
        return self.situation in ended and not self.registration.is_live and self.seen.takes_sign_ups

    @property
    def has_seat(self) -> bool:
        """Whether a seat is hers, in a session to come."""
        return self.situation in (Situation.CONFIRMED, Situation.TO_ANSWER)


def behind_link(organisation_id: int, token: str) -> Mine | None:
    """Return the one registration that a personal link opens; None when it opens nothing.

    Raises:
        LinkOver: more than 24 hours have passed since the session.
    """
    found = _mine(_all().where(Registration.link_hash == links.digest(token)), organisation_id)
    if not found:
        return None
    if now() >= rules.link_expires_at(found[0].group_session):
        raise LinkOver
    return found[0]


def enrolment_behind_link(organisation_id: int, token: str) -> Enrolment | None:
    """Return the enrolment that a follow-up link opens; None when it opens nothing.

    Raises:
        LinkOver: 31 January after its season is over.
    """
    statement = select(Enrolment).where(
        Enrolment.link_hash == links.digest(token), Enrolment.organisation_id == organisation_id
    )
    enrolment = db.session.execute(statement).scalar_one_or_none()
    if enrolment and now() >= datetime(enrolment.season + 1, 2, 1, tzinfo=PARIS).astimezone(UTC):
        raise LinkOver
    return enrolment


def dates_of(enrolment: Enrolment) -> list[Mine]:
    """Return every date of an enrolment, by its day."""
    return _mine(_all().where(Registration.enrolment_id == enrolment.id), enrolment.organisation_id)


def of_person(organisation_id: int, person_id: int) -> list[Mine]:
    """Return everything a person ever asked for and that is still kept, by the day of the session."""
    return _mine(_all().where(Registration.person_id == person_id), organisation_id)


def one_of_person(organisation_id: int, person_id: int, public_id: UUID) -> Mine | None:
    """Return one registration of this person; None when it is somebody else's."""
    mine = _all().where(Registration.person_id == person_id, Registration.public_id == public_id)
    found = _mine(mine, organisation_id)
    return found[0] if found else None


def enrolments_of_person(organisation_id: int, person_id: int) -> list[Enrolment]:
    """Return the seasons a person follows, this year first, then those she followed."""
    statement = (
        select(Enrolment)
        .join(Enrolment.programme)
        .where(Enrolment.person_id == person_id, Enrolment.organisation_id == organisation_id)
        .order_by(Enrolment.season.desc(), Enrolment.id)
        .options(contains_eager(Enrolment.programme))
    )
    found = list(db.session.execute(statement).scalars())
    return sorted(found, key=lambda one: (one.season < today().year, abs(one.season - today().year)))


def _all() -> Select[Registration, int, int, int]:
    return (
        select(Registration, count_taken(), count_waiting(), _rank())
        .join(Registration.group_session)
        .join(GroupSession.programme)
        .options(contains_eager(Registration.group_session).contains_eager(GroupSession.programme))
        .order_by(GroupSession.starts_at, Registration.id)
    )


def _rank() -> ColumnElement[int]:
    earlier = aliased(Registration)
    before = or_(
        earlier.queued_at < Registration.queued_at,
        (earlier.queued_at == Registration.queued_at) & (earlier.id < Registration.id),
    )
    return (
        select(func.count() + 1)
        .select_from(earlier)
        .where(
            earlier.group_session_id == Registration.group_session_id, earlier.status == Status.WAITING.value, before
        )
        .correlate(Registration)
        .scalar_subquery()
    )


def _mine(statement: Select[Registration, int, int, int], organisation_id: int) -> list[Mine]:
    at = now()
    rows = db.session.execute(statement.where(Registration.organisation_id == organisation_id))
    return [
        Mine(registration, Announced(registration.group_session, taken, waiting, at), rank)
        for registration, taken, waiting, rank in rows
    ]
