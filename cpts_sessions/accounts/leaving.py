"""An access that ends on the evening somebody chose for herself: noted, taken back before, ended by the clock."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, select

from cpts_sessions.accounts import messages, queries, rules, services
from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.accounts.standing import is_over
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import day
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person

_NOTHING_TO_END: Final = "Cette CPTS ne vous a pas donné d’accès à la coordination : il n’y a rien à faire cesser."


def leave_after(person: Person, last_day: date) -> datetime:
    """Let a person's own access to the whole CPTS end on the evening of a day; until then nothing changes for her.

    Her role of animator, her registrations and her page stay. Asked again, the new day holds.

    Returns:
        The instant at which it ends.

    Raises:
        RuleBroken: the day is no day for it, or nobody would coordinate, or administer, the CPTS afterwards.
    """
    with transaction():
        queries.lock_staff(person.organisation_id)
        ends_at = rules.end_of(last_day, now())
        held = queries.coordinating_roles(person)
        if not held:
            raise RuleBroken(_NOTHING_TO_END)
        _check_others(person, held, after=ends_at)
        for role in held:
            role.ends_at = ends_at
        audit.record(
            person.organisation_id, "depart_prevu", actor_id=person.id, person_id=person.id, jour=day(last_day)
        )
        return ends_at


def stay(person: Person) -> bool:
    """Take the end of one's own access back.

    Returns:
        Whether there was one.
    """
    with transaction():
        queries.lock_staff(person.organisation_id)
        leaving = [role for role in queries.coordinating_roles(person) if role.ends_at is not None]
        for role in leaving:
            role.ends_at = None
        if leaving:
            audit.record(person.organisation_id, "depart_annule", actor_id=person.id, person_id=person.id)
        return bool(leaving)


def end_due() -> int:
    """Tidy up the accesses whose last evening is over; they open nothing any more, whenever this is called.

    One that would leave its CPTS without coordination, or whose successor is awaited, stays: see `standing.is_over`.

    Returns:
        How many persons left.
    """
    due = select(Role.person_id).where(is_over()).distinct().order_by(Role.person_id)
    person_ids = db.session.execute(due).scalars().all()
    db.session.rollback()  # a look leaves no transaction open
    return sum(_end(person_id) for person_id in person_ids)


def _end(person_id: int) -> bool:
    with transaction():
        person = db.session.get_one(Person, person_id)
        queries.lock_staff(person.organisation_id)
        hers = select(Role.id, Role.ends_at).where(Role.person_id == person_id, is_over())
        over: dict[int, datetime] = {row.id: row.ends_at for row in db.session.execute(hers)}
        if not over:
            return False  # she stays after all
        last_day = rules.last_day_of(max(over.values()))
        db.session.execute(delete(Role).where(Role.id.in_(over)))
        services.close_all_of(person_id)
        audit.record(person.organisation_id, "depart_fait", person_id=person_id)
        messages.access_over(person, last_day)
        return True


def _check_others(person: Person, roles: list[Role], *, after: datetime) -> None:
    coordinators, administrators = queries.others_who_coordinate(person, after=after)
    administers = RoleName.ADMINISTRATOR.value in {role.name for role in roles}
    rules.check_others_coordinate(coordinators, administrators, administers=administers)


def last_day_of(ends_at: datetime) -> date:
    """Return the last day on which an access that ends at an instant still opens something."""
    return rules.last_day_of(ends_at)
