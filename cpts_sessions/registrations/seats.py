"""Giving places: a request becomes a seat or a rank, under the lock of its session's row."""

from sqlalchemy import select

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import Audience, GroupSession
from cpts_sessions.registrations import queries, rules
from cpts_sessions.registrations.models import Enrolment, Registration, Status
from cpts_sessions.registrations.waiting_list import forget_offer, seat_was_taken


def locked(registration_id: int) -> tuple[Registration, GroupSession]:
    """Lock the session of a registration, then read the registration afresh.

    Raises:
        RuleBroken: it is gone: undone by « Ce n'est pas moi », or erased, at this very moment.
    """
    group_session = queries.lock_group_session(_afresh(registration_id).group_session_id)
    return _afresh(registration_id), group_session


def _afresh(registration_id: int) -> Registration:
    statement = select(Registration).where(Registration.id == registration_id)
    found = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise RuleBroken("Cette inscription n’existe plus.")
    return found


def can_take(registration: Registration, group_session: GroupSession) -> bool:
    """Whether somebody who waits may take a seat left free near the start."""
    is_free = queries.seats_taken(group_session.id) < group_session.capacity
    return registration.status == Status.WAITING and is_free


def revive_or_add(
    registration: Registration | None,
    group_session: GroupSession,
    person: Person,
    told: Told,
    *,
    made_person: bool = False,
) -> Registration:
    """Return a registration with a fresh snapshot: the one she had, revived at the end of the list, or a new one."""
    if registration is None:
        registration = Registration(
            organisation_id=group_session.organisation_id,
            group_session_id=group_session.id,
            person_id=person.id,
            status=Status.CANCELLED.value,  # `give_place` decides, before anything is flushed
            link_hash=b"",
            made_person=made_person,
        )
        registration.link_hash = links.digest_for(Purpose.REGISTRATION, registration.public_id)
        registration.group_session, registration.person = group_session, person
    if registration.status != Status.WAITING:
        registration.queued_at = now()
    registration.ended_by = registration.ended_at = registration.ended_from = registration.enrolment_id = None
    registration.first_name, registration.last_name = told.first_name, told.last_name
    registration.civility = told.civility or person.civility
    registration.profession_slug = told.profession_slug or person.profession_slug
    registration.phone = told.phone
    return registration


def needs_a_yes(registration: Registration, group_session: GroupSession) -> bool:
    """Whether a request waits for the coordination: a non-member's, for a programme for members.

    A date of a season that it granted her needs no other yes.
    """
    if group_session.programme.audience != Audience.MEMBERS or registration.person.is_member:
        return False
    followed = db.session.get(Enrolment, registration.enrolment_id) if registration.enrolment_id else None
    return followed is None or followed.is_pending or followed.left_at is not None


def give_place(
    registration: Registration, group_session: GroupSession, *, decided: bool = False, taken: int | None = None
) -> None:
    """Set the state of a new request: a seat while one is free, else the list; the coordination's yes first.

    `decided` is the coordination's own act or its yes; `taken`, how many seats others have, where the caller has just
    counted. The session's row is locked by the caller.
    """
    if not decided and needs_a_yes(registration, group_session):
        registration.status = Status.REQUESTED.value
        db.session.add(registration)
        return
    taken = _taken_by_others(registration) if taken is None else taken
    forget_offer(registration)
    registration.status = rules.status_for_new(taken, group_session.capacity).value
    db.session.add(registration)
    if registration.status == Status.CONFIRMED and taken + 1 >= group_session.capacity:
        seat_was_taken(group_session)


def _taken_by_others(registration: Registration) -> int:
    mine = 1 if registration.status in (Status.CONFIRMED, Status.OFFERED) else 0
    return queries.seats_taken(registration.group_session_id) - mine


def confirm(registration: Registration, group_session: GroupSession) -> None:
    """Give the seat to somebody who was offered one or waited; the session's row is locked by the caller."""
    forget_offer(registration)
    registration.status = Status.CONFIRMED.value
    seat_was_taken(group_session)
