"""« Passer la main »: whom somebody awaits before she leaves, until she has signed in once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cpts_sessions.accounts import messages, queries, rules
from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.accounts.standing import came_in
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """A successor who has not come in yet, and the roles she was handed."""

    successor: Person
    since: datetime
    roles: list[Role]

    @property
    def administers(self) -> bool:
        """Whether she was handed the administration too."""
        return RoleName.ADMINISTRATOR.value in {role.name for role in self.roles}

    @property
    def is_newly_known(self) -> bool:
        """Whether the CPTS knows her by this handing over alone."""
        return self.successor.created_at >= self.since

    @property
    def given(self) -> list[Role]:
        """The roles that she did not have before."""
        return [role for role in self.roles if role.granted_at >= self.since]


def await_her(successor: Person, person: Person, since: datetime) -> bool:
    """Let the leaving of a person wait until her successor has come in.

    Returns:
        Whether there is anything to wait for: she never signed in since she was given an access.
    """
    db.session.flush()
    if has_come_in(successor):
        return False
    for role in queries.coordinating_roles(successor):
        role.handed_over_by_id, role.handed_over_at = person.id, since
    return True


def awaited_by(person: Person) -> Awaited | None:
    """Return the successor whom a person awaits; None when nobody, or when she has come in."""
    statement = (
        select(Role)
        .join(Role.person)
        .where(
            Role.handed_over_by_id == person.id,
            Role.organisation_id == person.organisation_id,
            ~came_in(Person),
        )
        .order_by(Role.handed_over_at.desc(), Role.id)
    )
    roles = list(db.session.execute(statement).scalars())
    if not roles or roles[0].handed_over_at is None:
        return None
    hers = [role for role in roles if role.person_id == roles[0].person_id]
    return Awaited(successor=roles[0].person, since=roles[0].handed_over_at, roles=hers)


def has_come_in(person: Person) -> bool:
    """Tell whether a person signed in since she was given an access."""
    return db.session.execute(select(Person.id).where(Person.id == person.id, came_in(Person))).first() is not None


def tell_who_waited(person: Person) -> None:
    """Before a person signs in: when somebody awaited her, tell this one, whose leaving may then take effect.

    A last day already over becomes this one: until now the access stayed open.
    """
    awaited = select(Role.handed_over_by_id).where(
        Role.person_id == person.id, Role.organisation_id == person.organisation_id, Role.handed_over_by_id.is_not(None)
    )
    waiting_ids = set(db.session.execute(awaited).scalars())
    if not waiting_ids or has_come_in(person):
        return
    waiting = select(Person).where(Person.id.in_(waiting_ids), Person.organisation_id == person.organisation_id)
    for one in db.session.execute(waiting.order_by(Person.id)).scalars():
        hers = queries.coordinating_roles(one)
        if not hers:
            continue
        ends = [role for role in hers if role.ends_at is not None]
        messages.successor_came(one, person, ends[0].ends_at if ends else None)
        for role in ends:
            role.ends_at = max(role.ends_at or now(), now())


def check_somebody_stays(person: Person, role: RoleName) -> None:
    """Check that a CPTS keeps somebody who came in when a role is taken back from a person.

    Raises:
        RuleBroken: nobody else who came in coordinates, or administers, the CPTS.
    """
    names = queries.roles_of(person).names
    if role is RoleName.ANIMATOR or role not in names:
        return
    coordinators, administrators = queries.others_who_coordinate(person)
    if role is RoleName.ADMINISTRATOR:
        rules.check_others_administer(administrators)
    elif RoleName.ADMINISTRATOR not in names:  # who administers still coordinates
        rules.check_others_coordinate(coordinators, administrators, administers=False)
