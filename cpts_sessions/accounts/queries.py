"""Who may enter, who is in, and what each may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from cpts_sessions.accounts.models import OpenSignIn, Role, RoleName, SignInLink
from cpts_sessions.accounts.rules import is_live
from cpts_sessions.accounts.standing import COORDINATING, came_in, given_in, in_force
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person

#: Who the visitor of a demonstration becomes as a participant, when somebody there has this address.
DEMONSTRATION_PARTICIPANT = "participante@example.org"


@dataclass(frozen=True, kw_only=True)
class Roles:
    """What a person may do beyond her own page; an administrator may all that a coordinator may."""

    names: frozenset[RoleName] = frozenset()
    programme_ids: frozenset[int] = frozenset()  # those she animates as a whole

    @property
    def is_staff(self) -> bool:
        """Whether she has any role: her links and her sign-ins are short."""
        return bool(self.names)

    @property
    def is_administrator(self) -> bool:
        """Whether she sets the application up."""
        return RoleName.ADMINISTRATOR in self.names

    @property
    def is_coordinator(self) -> bool:
        """Whether she sees the whole organisation."""
        return RoleName.COORDINATOR in self.names or self.is_administrator

    @property
    def is_animator(self) -> bool:
        """Whether sessions may be given to her; which ones is asked session by session."""
        return RoleName.ANIMATOR in self.names


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A browser that is signed in, and for whom."""

    open_id: int
    organisation_id: int
    person_id: int
    opened_at: datetime
    roles: Roles


def signed_in(token: str, organisation_id: int) -> SignedIn | None:
    """Return who this browser is signed in for; None when it is not, or only with another organisation."""
    statement = (
        select(OpenSignIn, Role.name, Role.programme_id, Role.ends_at)
        .join(Person, Person.id == OpenSignIn.person_id)
        .outerjoin(Role, (Role.person_id == OpenSignIn.person_id) & given_in(organisation_id))
        .where(
            OpenSignIn.token_hash == links.digest(token),
            OpenSignIn.organisation_id == organisation_id,
            Person.organisation_id == organisation_id,
            Person.erased_at.is_(None),
        )
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return None
    opened: OpenSignIn = rows[0][0]
    given = [(name, programme_id, ends_at) for _, name, programme_id, ends_at in rows if name]
    return SignedIn(
        open_id=opened.id,
        organisation_id=organisation_id,
        person_id=opened.person_id,
        opened_at=opened.created_at,
        roles=_standing(organisation_id, opened.person_id, given),
    )


def open_sign_ins(organisation_id: int, person_id: int) -> list[OpenSignIn]:
    """Return the browsers in which a person is signed in, the latest first."""
    statement = (
        select(OpenSignIn)
        .where(OpenSignIn.organisation_id == organisation_id, OpenSignIn.person_id == person_id)
        .order_by(OpenSignIn.id.desc())
    )
    return list(db.session.execute(statement).scalars())


def roles_of(person: Person) -> Roles:
    """Return what a person may do in her organisation."""
    statement = select(Role.name, Role.programme_id, Role.ends_at).where(
        Role.person_id == person.id, given_in(person.organisation_id)
    )
    given = [(name, programme_id, ends_at) for name, programme_id, ends_at in db.session.execute(statement)]
    return _standing(person.organisation_id, person.id, given)


def is_staff(person: Person) -> bool:
    """Tell whether a person has any role."""
    return roles_of(person).is_staff


def staff_of(organisation_id: int, role: RoleName) -> list[Person]:
    """Return those who have this role, each once, in the order they came: to write to them."""
    holders = select(Role.person_id).where(Role.name == role.value, in_force(organisation_id))
    statement = (
        select(Person)
        .where(Person.id.in_(holders), Person.organisation_id == organisation_id, Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    return list(db.session.execute(statement).scalars())


def lock_staff(organisation_id: int) -> None:
    """Let nobody else give or take roles in an organisation until the transaction ends: somebody must stay."""
    row = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(row.with_for_update(key_share=True)).one()


def coordinating_roles(person: Person) -> list[Role]:
    """Return the roles of a person that open the whole CPTS, given by this CPTS."""
    statement = select(Role).where(
        Role.person_id == person.id, Role.organisation_id == person.organisation_id, Role.name.in_(COORDINATING)
    )
    return list(db.session.execute(statement.order_by(Role.id)).scalars())


def others_who_coordinate(person: Person, *, after: datetime | None = None) -> tuple[int, int]:
    """Count those besides a person who may act for the whole CPTS, then those among them who administer it.

    Args:
        after: count the accesses that go on after this instant, never opened ones too: she leaves later. When None:
            those that stand, of people who came in; an address nobody ever entered with may be mistyped.
    """
    statement = (
        select(Role.person_id, Role.name)
        .join(Person, Person.id == Role.person_id)
        .where(
            in_force(person.organisation_id),
            Role.name.in_(COORDINATING),
            Person.organisation_id == person.organisation_id,
            Person.erased_at.is_(None),
            Person.id != person.id,
        )
    )
    goes_on = came_in(Person) if after is None else or_(Role.ends_at.is_(None), Role.ends_at > after)
    statement = statement.where(goes_on)
    rows = db.session.execute(statement).all()
    administrators = {row.person_id for row in rows if row.name == RoleName.ADMINISTRATOR}
    return len({row.person_id for row in rows}), len(administrators)


def ending(organisation_id: int) -> dict[int, datetime]:
    """Return who leaves and when: the end of the last access to the whole CPTS of each, by the id of the person."""
    statement = select(Role.person_id, Role.ends_at).where(
        Role.organisation_id == organisation_id, Role.name.in_(COORDINATING), Role.ends_at.is_not(None)
    )
    return {row.person_id: row.ends_at for row in db.session.execute(statement.order_by(Role.ends_at))}


def roles_given(organisation_id: int) -> list[Role]:
    """Return every role in force in an organisation with its person, by name then by what it opens most."""
    statement = (
        select(Role)
        .join(Role.person)
        .where(in_force(organisation_id), Person.organisation_id == organisation_id, Person.erased_at.is_(None))
        .order_by(Person.last_name, Person.first_name, Person.id, Role.name.desc(), Role.id)
        .options(contains_eager(Role.person))
    )
    return list(db.session.execute(statement).scalars())


def sign_ins_of_staff(organisation_id: int) -> list[OpenSignIn]:
    """Return the browsers in which somebody with a role is signed in, the latest first."""
    statement = (
        select(OpenSignIn)
        .join(OpenSignIn.person)
        .where(
            OpenSignIn.organisation_id == organisation_id,
            OpenSignIn.person_id.in_(select(Role.person_id).where(in_force(organisation_id))),
        )
        .order_by(OpenSignIn.id.desc())
        .options(contains_eager(OpenSignIn.person))
    )
    return list(db.session.execute(statement).scalars())


def link_by_token(organisation_id: int, token: str) -> SignInLink | None:
    """Return the sign-in link of this token, whether it still serves or not; None when it never existed."""
    statement = (
        select(SignInLink)
        .join(Person, Person.id == SignInLink.person_id)
        .where(
            SignInLink.organisation_id == organisation_id,
            SignInLink.token_hash == links.digest(token),
            Person.erased_at.is_(None),
        )
    )
    return db.session.execute(statement).scalar_one_or_none()


def live_link(organisation_id: int, token: str) -> SignInLink | None:
    """Return the sign-in link of this token if it still opens something."""
    link = link_by_token(organisation_id, token)
    return link if link and is_live(link, now()) else None


def links_of_browser(organisation_id: int, browser_hash: bytes, at: datetime) -> list[SignInLink]:
    """Return the links asked for in this browser that a code may still open, locked until the transaction ends."""
    statement = (
        select(SignInLink)
        .join(Person, Person.id == SignInLink.person_id)
        .where(
            SignInLink.organisation_id == organisation_id,
            SignInLink.browser_hash == browser_hash,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > at,
            SignInLink.tries_left > 0,
            Person.erased_at.is_(None),
        )
        .order_by(SignInLink.id)
        .with_for_update(of=SignInLink)
    )
    return list(db.session.execute(statement).scalars())


def invented_person(organisation_id: int, role: RoleName | None) -> Person | None:
    """Return who the visitor of a demonstration becomes: its first person of a role, or a participant."""
    if role is not None:
        return next(iter(staff_of(organisation_id, role)), None)
    statement = (
        select(Person)
        .where(
            Person.organisation_id == organisation_id,
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            Person.id.not_in(select(Role.person_id)),
        )
        .order_by(Person.email != DEMONSTRATION_PARTICIPANT, Person.id)
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def _standing(organisation_id: int, person_id: int, given: list[tuple[str, int | None, datetime | None]]) -> Roles:
    """Return the roles that still open something; whether one that ended must stand is asked only when one has."""
    if not any(ends_at and ends_at <= now() for *_, ends_at in given):
        return _roles((name, programme_id) for name, programme_id, _ in given)
    statement = select(Role.name, Role.programme_id).where(Role.person_id == person_id, in_force(organisation_id))
    return _roles((name, programme_id) for name, programme_id in db.session.execute(statement))


def _roles(rows: Iterable[tuple[str, int | None]]) -> Roles:
    known = [(RoleName(name), programme_id) for name, programme_id in rows]
    return Roles(
        names=frozenset(name for name, _ in known),
        programme_ids=frozenset(
            programme_id for name, programme_id in known if name is RoleName.ANIMATOR and programme_id is not None
        ),
    )
