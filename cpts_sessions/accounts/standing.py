"""Which accesses open something now, whether the worker runs or not; `is_over` is asked where a last day is past."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.core.clock import now
from cpts_sessions.people.models import Person

#: The roles that open the whole CPTS.
COORDINATING: Final = (RoleName.COORDINATOR.value, RoleName.ADMINISTRATOR.value)


def in_force(organisation_id: int) -> ColumnElement[bool]:
    """The roles given in an organisation, and those of the whole installation, whose last day is not over.

    One whose last day is over still stands while it must: see `is_over`.
    """
    return and_(given_in(organisation_id), or_(Role.ends_at.is_(None), ~is_over()))


def given_in(organisation_id: int) -> ColumnElement[bool]:
    """The roles given in an organisation, and those of the whole installation, over or not."""
    return or_(Role.organisation_id == organisation_id, Role.organisation_id.is_(None))


def is_over() -> ColumnElement[bool]:
    """The roles whose last day is over, and which may end: the successor came in, and somebody who came in goes on.

    When everybody's last day is over, the one who came last stays, whoever asks.
    """
    moment = now()
    return and_(
        Role.ends_at.is_not(None),
        Role.ends_at <= moment,
        ~_is_awaiting(),
        _others_go_on(moment, COORDINATING),
        or_(~_administers(), _others_go_on(moment, (RoleName.ADMINISTRATOR.value,))),
    )


def came_in(person: Any) -> ColumnElement[bool]:
    """The persons (a mapped class, or its alias) who signed in since they were given an access: no mistyped address."""
    given = aliased(Role)
    return exists().where(given.person_id == person.id, given.granted_at <= person.active_at)


def _is_awaiting() -> ColumnElement[bool]:
    """The roles of those whose successor has not come in yet."""
    heir, successor = aliased(Role), aliased(Person)
    waiting = (
        select(heir.id)
        .join(successor, successor.id == heir.person_id)
        .where(
            heir.handed_over_by_id == Role.person_id,
            heir.organisation_id == Role.organisation_id,
            ~came_in(successor),
        )
    )
    return waiting.correlate(Role).exists()


def _others_go_on(moment: datetime, names: tuple[str, ...]) -> ColumnElement[bool]:
    other, person = aliased(Role), aliased(Person)
    staying = (
        select(other.id)
        .join(person, person.id == other.person_id)
        .where(
            or_(other.organisation_id == Role.organisation_id, other.organisation_id.is_(None)),
            other.name.in_(names),
            other.person_id != Role.person_id,
            person.organisation_id == Role.organisation_id,
            person.erased_at.is_(None),
            came_in(person),
            or_(other.ends_at.is_(None), other.ends_at > moment, other.person_id > Role.person_id),
        )
    )
    return staying.correlate(Role).exists()


def _administers() -> ColumnElement[bool]:
    hers = aliased(Role)
    administering = select(hers.id).where(
        hers.person_id == Role.person_id,
        hers.organisation_id == Role.organisation_id,
        hers.name == RoleName.ADMINISTRATOR.value,
    )
    return administering.correlate(Role).exists()
