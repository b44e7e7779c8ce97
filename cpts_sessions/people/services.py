"""Adding and finding persons."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.exc import IntegrityError

from cpts_sessions.core import audit
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people import queries
from cpts_sessions.people.models import Person, identity_of


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody says of herself, or what the coordination types for her."""

    first_name: str
    last_name: str
    email: str | None
    profession_slug: str | None
    civility: str | None = None
    phone: str | None = None

    @classmethod
    def of(cls, person: Person, phone: str | None = None) -> Self:
        """Return what a known person's record says, with the telephone just given."""
        return cls(
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            profession_slug=person.profession_slug,
            civility=person.civility,
            phone=phone,
        )


def find_or_add(organisation_id: int, told: Told) -> tuple[Person, bool]:
    """Return the person these words designate, adding her when she is unknown.

    A known person's record is never written over: what a form says goes into the registration.
    Call inside a transaction.

    Returns:
        The person, and whether she was added.
    """
    key = (organisation_id, told.email, told.first_name, told.last_name, told.profession_slug)
    person = queries.hold(organisation_id, identity_of(*key[1:]))
    if person:
        return person, False
    person = Person(
        organisation_id=organisation_id,
        email=told.email.strip().lower() if told.email else None,
        first_name=told.first_name.strip(),
        last_name=told.last_name.strip(),
        identity=identity_of(*key[1:]),
        civility=told.civility,
        profession_slug=told.profession_slug,
        phone=None,  # a form's telephone belongs to its registration
    )
    if db.engine.dialect.name == "sqlite":  # one writer at a time: nobody adds her meanwhile
        db.session.add(person)
        db.session.flush()
        return person, True
    try:
        with db.session.begin_nested():  # the same person may be signing up elsewhere at this instant
            db.session.add(person)
    except IntegrityError:
        known = queries.hold(organisation_id, identity_of(*key[1:]))
        if known is None:
            raise
        return known, False
    return person, True


def add(organisation_id: int, told: Told, *, is_member: bool, rpps: str | None, actor_id: int) -> Person:
    """Add somebody the CPTS does not know, as the coordination types her; no mail.

    Raises:
        RuleBroken: somebody of this name and address is known (without e-mail: of this name and profession).
    """
    with transaction():
        person, is_new = find_or_add(organisation_id, told)
        if not is_new:
            raise RuleBroken("Cette personne est déjà dans le répertoire. Rien n’est changé.")
        person.is_member, person.rpps, person.phone = is_member, rpps or None, told.phone or None
        audit.record(organisation_id, "fiche_creee", actor_id=actor_id, person_id=person.id)
        return person


def set_member(person_id: int, *, is_member: bool, actor_id: int) -> bool:
    """Say whether somebody is a member from now on; what she already asked for stays as it is.

    Returns:
        Whether that changes anything.
    """
    with transaction():
        person = db.session.get_one(Person, person_id)
        if person.is_member == is_member:
            return False
        person.is_member = is_member
        audit.record(person.organisation_id, "fiche_corrigee", actor_id=actor_id, person_id=person.id, champs="membre")
        return True
