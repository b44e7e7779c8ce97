"""Finding persons within one organisation."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from cpts_sessions.core.french import fold
from cpts_sessions.extensions import Base, db
from cpts_sessions.people.models import Person, Profession, identity_of

_IDENTIFIED = select(Person).where(
    Person.organisation_id == bindparam("organisation"), Person.identity == bindparam("identity")
)
_HELD = _IDENTIFIED.with_for_update(read=True, key_share=True)
_ACTIVE = (
    select(Profession.slug, Profession.label)
    .where(Profession.organisation_id == bindparam("organisation"), Profession.is_active)
    .order_by(Profession.sort_order, Profession.label)
)


def by_identity(
    organisation_id: int, email: str | None, first_name: str, last_name: str, profession_slug: str | None
) -> Person | None:
    """Return the person these words designate, or None when she is unknown."""
    identity = identity_of(email, first_name, last_name, profession_slug)
    asked = {"organisation": organisation_id, "identity": identity}
    return db.session.execute(_IDENTIFIED, asked).scalar_one_or_none()


def hold(organisation_id: int, told_identity: str) -> Person | None:
    """Return the person of this identity, who cannot be erased or merged until the transaction ends."""
    asked = {"organisation": organisation_id, "identity": told_identity}
    return db.session.execute(_HELD, asked).scalar_one_or_none()


def lock(person_id: int) -> Person | None:
    """Return the person as she now is, before she is removed: whoever is signing her up is waited for.

    Sessions are locked before persons. None when somebody has just removed her.
    """
    statement = select(Person).where(Person.id == person_id).with_for_update()
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()


def tables_naming(person_id: int, *, those_that_go_too: bool = False) -> set[str]:
    """Return the names of the tables where something of hers keeps her record from being removed.

    Args:
        those_that_go_too: those where it would go with her record, or lose her name, as well.
    """
    keys = [key for table in Base.metadata.sorted_tables for key in table.foreign_keys]
    wanted = [key for key in keys if those_that_go_too or key.ondelete is None]
    hers = [key.parent for key in wanted if key.column is Person.__table__.c.id]
    return {
        column.table.name
        for column in hers
        if db.session.execute(select(column).where(column == person_id).limit(1)).first()
    }


def by_email(organisation_id: int, email: str) -> list[Person]:
    """Return everybody who shares this mailbox, in the order they came."""
    statement = (
        select(Person)
        .where(
            Person.organisation_id == organisation_id,
            Person.email == email.strip().lower(),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    )
    return list(db.session.execute(statement).scalars())


def by_public_id(organisation_id: int, public_id: UUID) -> Person | None:
    """Return one person of this organisation."""
    statement = select(Person).where(Person.organisation_id == organisation_id, Person.public_id == public_id)
    return db.session.execute(statement).scalar_one_or_none()


def by_ids(organisation_id: int, ids: Collection[int]) -> dict[int, Person]:
    """Return these persons of this organisation, by id."""
    statement = select(Person).where(Person.organisation_id == organisation_id, Person.id.in_(ids))
    return {person.id: person for person in db.session.execute(statement).scalars()}


def members_among(organisation_id: int, ids: Collection[int]) -> list[Person]:
    """Return those of these persons who are members, by name."""
    members = [one for one in by_ids(organisation_id, ids).values() if one.is_member and one.erased_at is None]
    return sorted(members, key=lambda one: (fold(one.last_name), fold(one.first_name), one.id))


class OfferedProfession(NamedTuple):
    """One choice of a form."""

    slug: str
    label: str


def active_professions(organisation_id: int) -> list[OfferedProfession]:
    """Return the professions offered by the forms, in the order of the nomenclature."""
    return [OfferedProfession(*row) for row in db.session.execute(_ACTIVE, {"organisation": organisation_id})]


def profession_labels(organisation_id: int) -> dict[str, str]:
    """Return the word for each profession, by slug."""
    statement = select(Profession.slug, Profession.label).where(Profession.organisation_id == organisation_id)
    return {row.slug: row.label for row in db.session.execute(statement)}
