"""What the person who animates sees of her sessions: names and professions, no address, no telephone."""

from collections import Counter
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.core.clock import now
from cpts_sessions.core.french import identity_key
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, SessionAnimator, SessionStatus
from cpts_sessions.registrations.agenda import Announced, count_taken, count_waiting
from cpts_sessions.registrations.models import Registration, Status

_COMING = (Status.CONFIRMED.value, Status.WALK_IN.value)


def sessions_of(organisation_id: int, person_id: int, programme_ids: frozenset[int]) -> list[Announced]:
    """Return the sessions given to a person, and those of the programmes she animates as a whole, oldest first."""
    return _announced(_hers(organisation_id, person_id, programme_ids))


def session_of(
    organisation_id: int, person_id: int, programme_ids: frozenset[int], public_id: UUID
) -> Announced | None:
    """Return one of her sessions; None when it is not hers."""
    return _one(_hers(organisation_id, person_id, programme_ids), public_id)


def any_session(organisation_id: int, public_id: UUID) -> Announced | None:
    """Return one session of the CPTS: for the coordination, which may act in the animator's place."""
    return _one(_all(organisation_id), public_id)


def coming(group_session: GroupSession) -> list[tuple[str, str | None]]:
    """Return first and last name, and profession as told, of everybody who has a seat, by their last name."""
    return [(one.person.full_name, one.profession_slug) for one in sorted(_seated(group_session), key=_by_last_name)]


def _by_last_name(registration: Registration) -> tuple[str, str]:
    person = registration.person
    return identity_key(person.last_name), identity_key(person.first_name)


def professions(group_session: GroupSession) -> list[tuple[str, int]]:
    """Return how many come of each profession, the most numerous first."""
    counted = Counter(one.profession_slug or "" for one in _seated(group_session))
    return sorted(counted.items(), key=lambda row: (-row[1], row[0]))


def _seated(group_session: GroupSession) -> list[Registration]:
    statement = (
        select(Registration)
        .join(Registration.person)
        .where(Registration.group_session_id == group_session.id, Registration.status.in_(_COMING))
        .options(contains_eager(Registration.person))
    )
    return list(db.session.execute(statement).scalars())


def _hers(organisation_id: int, person_id: int, programme_ids: frozenset[int]) -> Select[GroupSession, int, int]:
    given = select(SessionAnimator.group_session_id).where(SessionAnimator.person_id == person_id)
    of_hers: list[ColumnElement[bool]] = [GroupSession.id.in_(given)]
    if programme_ids:
        of_hers.append(GroupSession.programme_id.in_(programme_ids))
    return _all(organisation_id).where(or_(*of_hers))


def _all(organisation_id: int) -> Select[GroupSession, int, int]:
    return (
        select(GroupSession, count_taken(), count_waiting())
        .join(GroupSession.programme)
        .where(GroupSession.organisation_id == organisation_id, GroupSession.status != SessionStatus.DRAFT)
        .order_by(GroupSession.starts_at, GroupSession.id)
        .options(contains_eager(GroupSession.programme))
    )


def _one(statement: Select[GroupSession, int, int], public_id: UUID) -> Announced | None:
    found = _announced(statement.where(GroupSession.public_id == public_id))
    return found[0] if found else None


def _announced(statement: Select[GroupSession, int, int]) -> list[Announced]:
    at = now()
    return [Announced(one, taken, waiting, at) for one, taken, waiting in db.session.execute(statement)]
