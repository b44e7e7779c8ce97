"""Finding somebody among those the CPTS knows; accents, case and hyphens do not matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVarTuple

from sqlalchemy import Select, or_, select

from cpts_sessions.core.french import fold, identity_key, normalise
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person

PER_PAGE: Final = 50
Row = TypeVarTuple("Row")


class Among(StrEnum):
    """Whom to show, by the word in the address of the page."""

    EVERYBODY = "toutes"
    MEMBERS = "membres"
    OTHERS = "non-membres"
    WITHOUT_EMAIL = "sans-email"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; empty words and an empty profession leave nobody out."""

    words: str = ""
    profession_slug: str = ""
    among: Among = Among.EVERYBODY


@dataclass(frozen=True)
class PersonPage:
    """One page of the directory, by last then first name; `total` counts the whole list."""

    persons: Sequence[Person]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has: at least one."""
        return max(1, -(-self.total // PER_PAGE))


def search(organisation_id: int, wanted: Wanted, *, page: int = 1) -> PersonPage:
    """Return one page of the persons wanted, those whose data were erased left out.

    Names are put in French order here, the same on both engines: Élodie comes before Fatima.
    """
    statement = select(Person.id, Person.last_name, Person.first_name)
    statement = statement.where(Person.organisation_id == organisation_id, Person.erased_at.is_(None))
    if wanted.profession_slug:
        statement = statement.where(Person.profession_slug == wanted.profession_slug)
    if wanted.among is Among.WITHOUT_EMAIL:
        statement = statement.where(Person.email.is_(None))
    elif wanted.among is not Among.EVERYBODY:
        statement = statement.where(Person.is_member.is_(wanted.among is Among.MEMBERS))
    rows = db.session.execute(matching(statement, wanted.words)).all()
    ordered = [id_ for id_, *_ in sorted(rows, key=lambda row: (fold(row[1]), fold(row[2]), row[0]))]
    shown = ordered[(page - 1) * PER_PAGE : page * PER_PAGE]
    found = {one.id: one for one in db.session.execute(select(Person).where(Person.id.in_(shown))).scalars()}
    return PersonPage([found[id_] for id_ in shown], page, len(ordered))


def matching(statement: Select[*Row], words: str) -> Select[*Row]:
    """Keep the persons whose name or e-mail holds every word."""
    for word in normalise(words).split():
        if identity_key(word):
            keys = {word.lower(), identity_key(word)}  # an address is kept as it is written, a name is not
            statement = statement.where(or_(*(Person.identity.contains(key, autoescape=True) for key in keys)))
    return statement
