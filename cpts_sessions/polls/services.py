"""A poll is sent, answered, given up. Its dates are chosen in `choosing`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.polls import messages, queries, rules
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollInvitation, PollSlot, Reply
from cpts_sessions.polls.queries import Circle
from cpts_sessions.programmes.models import Programme
from cpts_sessions.programmes.rules import check_hours
from cpts_sessions.registrations.group_message import TWICE_WITHIN
from cpts_sessions.registrations.queries import lock_programme

_TWICE = "Ce même sondage vient de partir aux mêmes personnes. Rien n’est envoyé une seconde fois."


@dataclass(frozen=True, kw_only=True)
class PollPlan:
    """What the coordination proposes; a slot without end lasts as long as the programme says."""

    slots: Sequence[tuple[datetime, datetime | None]]
    deadline_at: datetime
    circles: Collection[Circle]


def send(programme_id: int, plan: PollPlan, *, actor_id: int) -> DatePoll:
    """Propose slots to everybody of the circles who has an address: one private message each.

    Raises:
        RuleBroken: a slot or the deadline is impossible, nobody would be asked, or the same people were just asked
            the same.
    """
    with transaction():
        programme = lock_programme(programme_id)  # so that a button pressed twice is seen
        checked(plan)
        people = queries.people_of(programme, plan.circles)
        if not people:
            raise RuleBroken("Personne à interroger : choisissez d’autres personnes.")
        if _left_already(programme, plan, people):
            raise RuleBroken(_TWICE)
        poll = DatePoll(
            organisation_id=programme.organisation_id, programme_id=programme.id, deadline_at=plan.deadline_at
        )
        poll.programme = programme
        poll.slots = [_slot(programme, start, end) for start, end in plan.slots]
        db.session.add(poll)
        db.session.flush()
        for person in people:
            messages.asked(_invite(poll, person), poll)
        audit.record(poll.organisation_id, "sondage_envoye", actor_id=actor_id, dispositif=programme.id, n=len(people))
        return poll


def _left_already(programme: Programme, plan: PollPlan, people: Sequence[Person]) -> bool:
    recent = select(DatePoll).where(DatePoll.programme_id == programme.id, DatePoll.created_at > now() - TWICE_WITHIN)
    asked, starts = {one.id for one in people}, {start for start, _ in plan.slots}
    return any(
        {slot.starts_at for slot in poll.slots} == starts
        and {one.person_id for one in queries.invitations_of(poll)} == asked
        for poll in db.session.execute(recent.where(DatePoll.closed_at.is_(None))).scalars()
    )


def checked(plan: PollPlan) -> Sequence[tuple[datetime, datetime | None]]:
    """Return the slots of a plan that could be sent now.

    Raises:
        RuleBroken: a slot or the deadline is impossible.
    """
    rules.check_proposal([start for start, _ in plan.slots], plan.deadline_at, at=now())
    return plan.slots


def _slot(programme: Programme, starts_at: datetime, ends_at: datetime | None) -> PollSlot:
    ends_at = ends_at or starts_at + timedelta(minutes=programme.duration_minutes)
    check_hours(starts_at, ends_at)
    return PollSlot(starts_at=starts_at, ends_at=ends_at)


def _invite(poll: DatePoll, person: Person) -> PollInvitation:
    invitation = PollInvitation(
        organisation_id=poll.organisation_id, poll_id=poll.id, person_id=person.id, link_hash=b""
    )
    invitation.link_hash = links.digest_for(Purpose.POLL, invitation.public_id)
    invitation.poll, invitation.person = poll, person
    db.session.add(invitation)
    return invitation


def answer(invitation_id: int, replies: Mapping[int, Reply], suggestion: str = "") -> None:
    """Keep what one person says of each slot, in place of what she said before; `suggestion` is for the coordination.

    Saying the same again changes nothing, not even her rank among those who said yes.

    Raises:
        RuleBroken: the poll is closed, or nothing is said.
    """
    with transaction():
        invitation = db.session.get(PollInvitation, invitation_id)
        if invitation is None:
            raise RuleBroken(rules.CLOSED)  # her data were erased meanwhile
        poll = queries.lock_poll(invitation.poll_id)
        rules.check_open(poll.closed_at, poll.deadline_at, at=now())
        if not replies:
            raise RuleBroken("Répondez à au moins un créneau, ou choisissez « Aucun créneau ne me va ».")
        known = {one.slot_id: one for one in _answers(invitation.person_id, [slot.id for slot in poll.slots])}
        for slot in poll.slots:
            if slot.id in replies:
                _keep(known.get(slot.id), slot, invitation.person_id, replies[slot.id])
        invitation.answered_at, invitation.suggestion = now(), suggestion.strip()


def _answers(person_id: int, slot_ids: Sequence[int]) -> list[PollAnswer]:
    statement = select(PollAnswer).where(PollAnswer.person_id == person_id, PollAnswer.slot_id.in_(slot_ids))
    return list(db.session.execute(statement).scalars())


def _keep(known: PollAnswer | None, slot: PollSlot, person_id: int, reply: Reply) -> None:
    if known is None:
        db.session.add(PollAnswer(slot_id=slot.id, person_id=person_id, reply=reply.value))
    elif known.reply != reply:
        known.reply, known.answered_at = reply.value, now()


def give_up(poll_id: int, *, actor_id: int) -> None:
    """Close a poll without choosing any date; nobody is told, or asked any more.

    Raises:
        RuleBroken: it was closed meanwhile.
    """
    with transaction():
        poll = queries.lock_poll(poll_id)
        rules.check_undecided(poll.closed_at)
        poll.closed_at = now()
        messages.withdraw(poll)
        audit.record(poll.organisation_id, "sondage_sans_suite", actor_id=actor_id, dispositif=poll.programme_id)
