"""Sessions are planned in one act: created, given to their animators, announced at once or kept in preparation."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from cpts_sessions.accounts.models import RoleName
from cpts_sessions.accounts.services import give
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.programmes.plans import NewSession
from cpts_sessions.programmes.services import create_sessions
from cpts_sessions.registrations import animation, queries, sessions
from cpts_sessions.registrations.group_message import TWICE_WITHIN
from cpts_sessions.registrations.sessions import place_of

_TWICE = "Cette même séance vient d’être créée. Rien n’est créé une seconde fois."
_ALL_TWICE = "Ces mêmes séances viennent d’être créées. Rien n’est créé une seconde fois."


class Fate(StrEnum):
    """What becomes of the sessions just created."""

    DRAFT = "draft"  # in preparation: nobody sees them
    OPEN = "open"  # in the agenda at once; those who follow the season get their dates
    HELD = "held"  # entered after the fact: nobody is told


@dataclass(frozen=True)
class Planned:
    """Sessions just created, and those who follow the season whom opening them registered."""

    created: list[GroupSession]
    followers: sessions.Told


def plan_sessions(
    programme_id: int, plans: Sequence[NewSession], fate: Fate, animator_ids: Sequence[int] = (), *, actor_id: int
) -> Planned:
    """Create sessions with their animators, all or none.

    Raises:
        RuleBroken: a date or a size is impossible, or the same sessions were just created.
    """
    with transaction():
        queries.lock_programme(programme_id)  # so that a button pressed twice is seen
        status = SessionStatus.HELD if fate == Fate.HELD else SessionStatus.DRAFT
        created = create_sessions(programme_id, plans, status=status, actor_id=actor_id)
        if _planned_already(created, set(animator_ids)):
            raise RuleBroken(_TWICE if len(created) == 1 else _ALL_TWICE)
        for person_id in dict.fromkeys(animator_ids):
            person = db.session.get_one(Person, person_id)
            give(person, RoleName.ANIMATOR)
            for group_session in created:
                animation.attach(group_session, person)
        followers = sessions.Told(0, 0)
        if fate == Fate.OPEN:
            followers = sessions.open_sessions([one.id for one in created], actor_id=actor_id)
        return Planned(created, followers)


def _planned_already(created: Sequence[GroupSession], animator_ids: set[int]) -> bool:
    """Whether each was planned a moment ago, the same in all that is said of it; cancelled since, it does not count."""
    recent = select(GroupSession).where(
        GroupSession.programme_id.in_({one.programme_id for one in created}),
        GroupSession.id.not_in([one.id for one in created]),
        GroupSession.created_at > now() - TWICE_WITHIN,
        GroupSession.status != SessionStatus.CANCELLED,
    )
    stand = [
        _said(one)
        for one in db.session.execute(recent).scalars()
        if {animator.person_id for animator in one.animators} == animator_ids
    ]
    return all(_said(one) in stand for one in created)


def _said(one: GroupSession) -> tuple[object, ...]:
    when = (one.starts_at, one.ends_at, one.opens_at, one.closes_at)
    return *when, one.capacity, one.minimum, place_of(one), one.is_discovery, one.remark


def entrust(group_session_id: int, person_ids: Sequence[int], newcomer: Told | None, *, actor_id: int) -> None:
    """Make exactly these persons animate a session, and somebody the CPTS may not know yet; all are told.

    Who is given a session becomes an animator: she may sign in and see it.
    """
    with transaction():
        wanted = list(person_ids)
        if newcomer is not None:
            group_session = queries.lock_group_session(group_session_id)
            person, _ = find_or_add(group_session.organisation_id, newcomer)
            wanted.append(person.id)
        for person_id in wanted:
            give(db.session.get_one(Person, person_id), RoleName.ANIMATOR)
        animation.set_animators(group_session_id, wanted, actor_id=actor_id)
