"""Polls as the coordination and the people asked read them, under the scope of one organisation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from cpts_sessions.core import links
from cpts_sessions.core.clock import now, today
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.polls import rules
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollInvitation, PollSlot
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations.models import DateAlert, Enrolment, Registration


class Circle(StrEnum):
    """Whom a poll may be sent to."""

    FOLLOWERS = "suivent"  # enrolled for this season or the next
    MEMBERS = "membres"
    CAME = "venus"  # ever asked for a place at a date of the programme
    WAITS = "annonces"  # asked to be told of the next dates


@dataclass(frozen=True)
class Line:
    """One poll in the list of the coordination."""

    poll: DatePoll
    slots: int
    asked: int
    answered: int
    is_open: bool


def polls_of(organisation_id: int) -> list[Line]:
    """Return the polls of an organisation: those to decide first, then the latest."""
    slots = select(func.count()).where(PollSlot.poll_id == DatePoll.id).scalar_subquery()
    asked = select(func.count()).where(PollInvitation.poll_id == DatePoll.id)
    answered = asked.where(PollInvitation.answered_at.is_not(None)).scalar_subquery()
    statement = (
        select(DatePoll, slots, asked.scalar_subquery(), answered)
        .where(DatePoll.organisation_id == organisation_id)
        .order_by(DatePoll.closed_at.is_not(None), DatePoll.created_at.desc(), DatePoll.id.desc())
        .options(joinedload(DatePoll.programme))
    )
    at = now()
    return [
        Line(row[0], row[1], row[2], row[3], rules.is_open(row[0].closed_at, row[0].deadline_at, at))
        for row in db.session.execute(statement)
    ]


def polls_to_decide(organisation_id: int) -> list[DatePoll]:
    """Return the polls whose deadline has passed and whose dates nobody chose yet, the oldest first."""
    statement = (
        select(DatePoll)
        .where(DatePoll.organisation_id == organisation_id, DatePoll.closed_at.is_(None), DatePoll.deadline_at <= now())
        .order_by(DatePoll.deadline_at, DatePoll.id)
        .options(joinedload(DatePoll.programme))
    )
    return list(db.session.execute(statement).scalars())


def poll_by_public_id(organisation_id: int, public_id: UUID) -> DatePoll | None:
    """Return one poll of this organisation."""
    statement = select(DatePoll).where(DatePoll.organisation_id == organisation_id, DatePoll.public_id == public_id)
    statement = statement.options(joinedload(DatePoll.programme), selectinload(DatePoll.slots))
    return db.session.execute(statement).scalar_one_or_none()


def lock_poll(poll_id: int) -> DatePoll:
    """Return a poll, its row locked, read afresh: answering and deciding wait for each other."""
    statement = select(DatePoll).where(DatePoll.id == poll_id).with_for_update(of=DatePoll)
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def is_open(poll: DatePoll) -> bool:
    """Whether this poll takes answers now."""
    return rules.is_open(poll.closed_at, poll.deadline_at, now())


def invitation_by_token(organisation_id: int, token: str) -> PollInvitation | None:
    """Return what the link of a message opens, whether the poll is open or not."""
    statement = select(PollInvitation).where(
        PollInvitation.organisation_id == organisation_id, PollInvitation.link_hash == links.digest(token)
    )
    poll = joinedload(PollInvitation.poll)
    statement = statement.options(poll.joinedload(DatePoll.programme), poll.selectinload(DatePoll.slots))
    return db.session.execute(statement).scalar_one_or_none()


def replies_of(invitation: PollInvitation) -> dict[int, str]:
    """Return what she said of each slot, by its id."""
    slots = select(PollSlot.id).where(PollSlot.poll_id == invitation.poll_id)
    statement = select(PollAnswer.slot_id, PollAnswer.reply).where(
        PollAnswer.person_id == invitation.person_id, PollAnswer.slot_id.in_(slots)
    )
    return {row.slot_id: row.reply for row in db.session.execute(statement)}


def invitations_of(poll: DatePoll) -> list[PollInvitation]:
    """Return those who were asked, by name."""
    statement = (
        select(PollInvitation)
        .join(Person)
        .where(PollInvitation.poll_id == poll.id)
        .order_by(Person.last_name, Person.first_name, PollInvitation.id)
        .options(joinedload(PollInvitation.person))
    )
    return list(db.session.execute(statement).scalars())


def answers_of(poll: DatePoll) -> list[PollAnswer]:
    """Return every answer of a poll, the earliest first."""
    statement = (
        select(PollAnswer)
        .join(PollSlot, PollSlot.id == PollAnswer.slot_id)
        .where(PollSlot.poll_id == poll.id)
        .order_by(PollAnswer.answered_at, PollAnswer.id)
        .options(joinedload(PollAnswer.person))
    )
    return list(db.session.execute(statement).scalars())


def people_of(programme: Programme, circles: Collection[Circle]) -> list[Person]:
    """Return who would be asked: everybody of these circles who has an address, each once, by name."""
    of_circle = {
        Circle.FOLLOWERS: select(Enrolment.person_id).where(
            Enrolment.programme_id == programme.id,
            Enrolment.season >= today().year,
            Enrolment.left_at.is_(None),
            Enrolment.is_pending.is_(False),
        ),
        Circle.MEMBERS: select(Person.id).where(
            Person.organisation_id == programme.organisation_id, Person.is_member.is_(True)
        ),
        Circle.CAME: select(Registration.person_id).join(GroupSession).where(GroupSession.programme_id == programme.id),
        Circle.WAITS: select(DateAlert.person_id).where(DateAlert.programme_id == programme.id),
    }
    wanted = [of_circle[circle] for circle in circles]
    return list(db.session.execute(_reachable(programme.organisation_id, wanted)).scalars()) if wanted else []


def _reachable(organisation_id: int, circles: Sequence[Select[int]]) -> Select[Person]:
    first, *others = circles
    return (
        select(Person)
        .where(
            Person.organisation_id == organisation_id,
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            Person.id.in_(first.union(*others)),
        )
        .order_by(Person.last_name, Person.first_name, Person.id)
    )


def reach(programme: Programme) -> dict[Circle, int]:
    """Return how many people each circle holds that a message can reach."""
    return {circle: len(people_of(programme, [circle])) for circle in Circle}


def sessions_of(poll: DatePoll) -> list[GroupSession]:
    """Return the sessions that a poll led to, by their date."""
    ids = [slot.group_session_id for slot in poll.slots if slot.group_session_id]
    statement = select(GroupSession).where(GroupSession.id.in_(ids)).order_by(GroupSession.starts_at)
    return list(db.session.execute(statement.options(joinedload(GroupSession.programme))).scalars())


def told_of(person_id: int) -> list[dict[str, Any]]:
    """Return what one person was asked and said, for herself; nothing of what others say."""
    replies = select(PollAnswer).where(PollAnswer.person_id == person_id).options(joinedload(PollAnswer.slot))
    said = list(db.session.execute(replies.order_by(PollAnswer.slot_id)).scalars())
    invitations = select(PollInvitation).where(PollInvitation.person_id == person_id).order_by(PollInvitation.id)
    asked = invitations.options(joinedload(PollInvitation.poll).joinedload(DatePoll.programme))
    return [
        {
            "dispositif": one.poll.programme.name,
            "recu_le": one.created_at,
            "repondu_le": one.answered_at,
            "suggestion": one.suggestion,
            "reponses": [
                {"creneau": answer.slot.starts_at, "reponse": answer.reply, "le": answer.answered_at}
                for answer in said
                if answer.slot.poll_id == one.poll_id
            ],
        }
        for one in db.session.execute(asked).scalars()
    ]
