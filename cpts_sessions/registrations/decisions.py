"""What waits for a decision of the coordination: sessions, seats, people whom no message reaches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.core.clock import local, now
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator, SessionStatus
from cpts_sessions.registrations.desk import Line, is_day_of, lines, sessions_of
from cpts_sessions.registrations.models import SEATED, EndedBy, Registration, Status
from cpts_sessions.registrations.received import Letter, Why

#: How long before its day a session that nobody animates is pointed out.
ANIMATED_BEFORE: Final = timedelta(days=14)
#: How long before its day a session in preparation is pointed out: people need time to sign up.
OPENED_BEFORE: Final = timedelta(days=21)
#: How long before its day an open session that nobody chose is pointed out.
KNOWN_BEFORE: Final = timedelta(days=10)
#: How long a message that may leave waits before the sending itself is doubted.
LONGEST_WAIT: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class OfSessions:
    """The sessions that wait for something, the nearest or the oldest first."""

    below_minimum: list[Line]
    to_close: list[Line]
    without_animator: list[Line]  # but for those whose holding is to be decided first
    drafts: list[Line]
    empty: list[Line]  # open, soon, and nobody asks for a place


def of_sessions(organisation_id: int) -> OfSessions:
    """Return the sessions that wait for the coordination now; the number of queries is always the same."""
    instant = now()
    statement = sessions_of(organisation_id).where(
        or_(
            and_(GroupSession.status == SessionStatus.OPEN, GroupSession.starts_at <= instant + ANIMATED_BEFORE),
            and_(
                GroupSession.status == SessionStatus.DRAFT,
                GroupSession.starts_at > instant,
                GroupSession.starts_at <= instant + OPENED_BEFORE,
            ),
        )
    )
    found = lines(statement.order_by(GroupSession.starts_at, GroupSession.id))
    to_come = [one for one in found if one.group_session.starts_at > instant]
    is_open = [one for one in to_come if one.group_session.status == SessionStatus.OPEN]
    animated = _animated([one.group_session.id for one in is_open])
    return OfSessions(
        below_minimum=[one for one in is_open if one.state == "below_minimum"],
        to_close=[one for one in found if one.state == "to_close"],
        without_animator=[
            one for one in is_open if one.group_session.id not in animated and one.state != "below_minimum"
        ],
        drafts=[one for one in to_come if one.group_session.status == SessionStatus.DRAFT],
        empty=[one for one in is_open if _is_empty(one, instant)],
    )


def _animated(ids: list[int]) -> set[int]:
    statement = select(SessionAnimator.group_session_id).where(SessionAnimator.group_session_id.in_(ids))
    return set(db.session.execute(statement).scalars())


def _is_empty(line: Line, instant: datetime) -> bool:
    """Whether nobody asks for a place in a session that is near; under its minimum, another decision says it."""
    is_near = line.group_session.starts_at <= instant + KNOWN_BEFORE
    nobody = not (line.taken or line.waiting or line.requested)
    return is_near and nobody and line.state == "open"


def calls_of_the_day(organisation_id: int) -> list[tuple[GroupSession, int]]:
    """Return the sessions of today that were cancelled today, with how many people are still to be called."""
    instant = now()
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


def offered_without_mail(organisation_id: int) -> list[Registration]:
    """Return the seats kept for somebody without e-mail, whom only a call can tell; the first to end first."""
    instant = now()
    statement = (
        select(Registration)
        .join(Registration.group_session)
        .join(GroupSession.programme)
        .join(Registration.person)
        .where(
            GroupSession.organisation_id == organisation_id,
            GroupSession.starts_at > instant,
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


def unreached(organisation_id: int) -> list[Person]:
    """Return those whose address refuses our messages, while a place is theirs or the refusal is not settled."""
    instant = now()
    has_a_seat = (
        exists()
        .where(Registration.person_id == Person.id, Registration.status.in_(SEATED))
        .where(
            GroupSession.id == Registration.group_session_id,
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.starts_at > instant,
        )
    )
    is_unsettled = exists().where(Letter.person_id == Person.id, Letter.why == Why.BOUNCE, Letter.settled_at.is_(None))
    statement = (
        select(Person)
        .where(
            Person.organisation_id == organisation_id,
            Person.bounced_at.is_not(None),
            Person.erased_at.is_(None),
            or_(has_a_seat, is_unsettled),
        )
        .order_by(Person.bounced_at, Person.id)
    )
    return list(db.session.execute(statement).scalars())


def count_letters(organisation_id: int) -> int:
    """Count what came in by mail and nobody looked at; refused addresses are told with the people, by `unreached`."""
    statement = select(func.count(Letter.id)).where(
        Letter.organisation_id == organisation_id, Letter.settled_at.is_(None), Letter.why != Why.BOUNCE
    )
    return db.session.execute(statement).scalar_one()


def count_failed_messages(organisation_id: int, apart: Collection[int] = ()) -> int:
    """Count the messages that could not leave, but for those to the persons `apart`, of whom something else says it.

    Sign-in messages are on no screen.
    """
    statement = select(func.count()).where(
        OutboxMessage.organisation_id == organisation_id,
        OutboxMessage.status == MessageStatus.FAILED,
        OutboxMessage.is_sign_in.is_(False),
    )
    if apart:
        statement = statement.where(or_(OutboxMessage.person_id.is_(None), OutboxMessage.person_id.not_in(apart)))
    return db.session.execute(statement).scalar_one()


def count_blocked_messages(organisation_id: int) -> int:
    """Count the messages that should have left a while ago and still wait, whomever they are for.

    Sign-in messages are on no screen.
    """
    statement = select(func.count()).where(
        OutboxMessage.organisation_id == organisation_id,
        OutboxMessage.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
        OutboxMessage.not_before < now() - LONGEST_WAIT,
        OutboxMessage.is_sign_in.is_(False),
    )
    return db.session.execute(statement).scalar_one()
