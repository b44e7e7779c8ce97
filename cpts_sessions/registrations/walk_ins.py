"""Somebody came without a seat: she holds none, and is never refused."""

from dataclasses import dataclass

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.extensions import db
from cpts_sessions.people.services import Told, find_or_add
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import queries
from cpts_sessions.registrations.models import Registration, Status
from cpts_sessions.registrations.seats import revive_or_add
from cpts_sessions.registrations.waiting_list import forget_offer


@dataclass(frozen=True)
class Came:
    """Her registration to the session; `is_change` is False when she was on the list already."""

    registration: Registration
    is_change: bool

    @property
    def person_id(self) -> int:
        """Who she is."""
        return self.registration.person_id


def come_unannounced(group_session: GroupSession, told: Told) -> Came:
    """Put somebody who came on the list of a session, full or not; whoever waited for a seat came too.

    Call under the lock of the session, once it has begun.

    Raises:
        RuleBroken: she animates it, and is counted as such.
    """
    person, _ = find_or_add(group_session.organisation_id, told)
    if any(animator.person_id == person.id for animator in group_session.animators):
        raise RuleBroken(typo(f"{person.full_name} anime cette séance : sa présence s’écrit à la clôture."))
    registration = queries.find(group_session.id, person.id)
    if registration and registration.status in (Status.CONFIRMED, Status.WALK_IN):
        return Came(registration, is_change=False)
    if registration is None or not registration.is_live:
        registration = revive_or_add(registration, group_session, person, told)
    come_after_all(registration)
    return Came(registration, is_change=True)


def come_after_all(registration: Registration) -> None:
    """Make the registration of somebody who came without a seat say so; the session is locked by the caller."""
    forget_offer(registration)
    registration.ended_by = registration.ended_at = registration.ended_from = None
    registration.status = Status.WALK_IN.value
    db.session.add(registration)
    db.session.flush()
