"""Slots are chosen: they become open sessions, those who said yes get their places, and all who answered are told."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.polls import messages, queries, rules
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollSlot, Reply
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.registrations import planning
from cpts_sessions.registrations import queries as registrations
from cpts_sessions.registrations.models import EndedBy, Registration, Status
from cpts_sessions.registrations.planning import Fate
from cpts_sessions.registrations.seats import give_place, revive_or_add
from cpts_sessions.registrations.sessions import open_sessions

Answers = dict[int, list[PollAnswer]]


@dataclass(frozen=True)
class Chosen:
    """The sessions that a poll led to, and how many of those who said yes have a seat, or wait."""

    sessions: Sequence[GroupSession]
    seated: int
    waiting: int


def choose(
    poll_id: int, slot_ids: Collection[int], *, capacity: int, animator_ids: Sequence[int] = (), actor_id: int
) -> Chosen:
    """Make open sessions of some slots, all or none, and tell everybody who answered.

    Who said yes is registered in the order of the answers, up to `capacity`, then on the waiting list; those who
    follow the season come next, except who said no. Who is to animate takes no seat by her own answer. Nobody else
    takes part before the end of the transaction.

    Raises:
        RuleBroken: the poll was closed meanwhile; no slot is chosen, or one is past.
    """
    with transaction():
        poll = queries.lock_poll(poll_id)
        rules.check_undecided(poll.closed_at)
        slots = [slot for slot in poll.slots if slot.id in slot_ids]
        if not slots:
            raise RuleBroken("Choisissez au moins un créneau.")
        answers = _by_slot(poll, but_of=animator_ids)
        sessions = _plan(poll, slots, capacity, animator_ids, actor_id)
        asked = [_ask(answers[slot.id], one) for slot, one in zip(slots, sessions, strict=True)]
        told = {one.person_id for of_slot in answers.values() for one in of_slot}
        open_sessions([one.id for one in sessions], actor_id=actor_id, told=told)
        given = [registration for of_one in asked for registration in of_one]
        for registration in given:
            messages.given(registration)
        _tell_the_others(poll, dict(zip((slot.id for slot in slots), sessions, strict=True)), answers)
        poll.closed_at = now()
        messages.withdraw(poll)
        audit.record(
            poll.organisation_id, "sondage_clos", actor_id=actor_id, dispositif=poll.programme_id, n=len(sessions)
        )
        seated = sum(one.status == Status.CONFIRMED for one in given)
        return Chosen(sessions, seated, len(given) - seated)


def _by_slot(poll: DatePoll, but_of: Collection[int]) -> Answers:
    """The answers of each slot, the earliest first."""
    by_slot: Answers = defaultdict(list)
    for answer in queries.answers_of(poll):
        if answer.person_id not in but_of:
            by_slot[answer.slot_id].append(answer)
    return by_slot


def _plan(
    poll: DatePoll, slots: Sequence[PollSlot], capacity: int, animator_ids: Sequence[int], actor_id: int
) -> list[GroupSession]:
    plans = [NewSession(starts_at=slot.starts_at, ends_at=slot.ends_at, capacity=capacity) for slot in slots]
    planned = planning.plan_sessions(poll.programme_id, plans, Fate.DRAFT, animator_ids, actor_id=actor_id)
    for slot, group_session in zip(slots, planned.created, strict=True):
        slot.group_session_id = group_session.id
    return registrations.lock_group_sessions([one.id for one in planned.created])


def _ask(answers: Sequence[PollAnswer], group_session: GroupSession) -> list[Registration]:
    """Give a seat or a rank to each who said yes; who follows the season and said no has declined this date.

    A yes to one date of a training gives no seat: its dates go together, and who answered is told how to have them all.
    """
    following = {
        one.person_id: one.id
        for one in registrations.standing_enrolments(group_session.programme_id, group_session.season)
    }
    given = []
    for answer in answers:
        enrolment_id = following.get(answer.person_id)
        if answer.reply == Reply.YES and (enrolment_id is not None or not group_session.goes_together):
            registration = _add(answer, group_session)
            give_place(registration, group_session, decided=True)
            given.append(registration)
        elif answer.reply == Reply.NO and enrolment_id is not None:
            registration = _add(answer, group_session)
            registration.status, registration.ended_by = Status.DECLINED.value, EndedBy.PERSON.value
            registration.ended_at = answer.answered_at
            db.session.add(registration)
        else:
            continue
        registration.enrolment_id = enrolment_id
        db.session.flush()
    return given


def _add(answer: PollAnswer, group_session: GroupSession) -> Registration:
    registration = revive_or_add(None, group_session, answer.person, Told.of(answer.person))
    registration.queued_at = answer.answered_at  # those who wait keep the order of their answers
    return registration


def _tell_the_others(poll: DatePoll, chosen: dict[int, GroupSession], answers: Answers) -> None:
    """Tell who said « si besoin » of each date, once; and who answered but has nothing among the chosen dates."""
    placed = registrations.asked([one.id for one in chosen.values()])
    suited: set[int] = set()
    for slot_id, group_session in chosen.items():
        places = group_session.capacity - registrations.seats_taken(group_session.id)
        for answer in answers[slot_id]:
            if answer.reply == Reply.NO:
                continue
            suited.add(answer.person_id)
            if (group_session.id, answer.person_id) not in placed:  # who follows the season has her place already
                messages.left_to_choose(answer.person, group_session, places)
    everybody: dict[int, Person] = {one.person_id: one.person for every in answers.values() for one in every}
    for person_id, person in sorted(everybody.items()):
        if person_id not in suited:
            messages.not_suited(person, poll, list(chosen.values()))
