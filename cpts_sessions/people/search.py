"""Finding somebody among those the CPTS knows; accents, case and hyphens do not matter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from heapq import nsmallest
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, false, func, or_, select

from cpts_sessions.core.french import WHOLE_LETTERS, name_key, with_plain_letters
from cpts_sessions.core.sought import begins_one, halves, is_near, phone_of, takes_a_slip, words_of
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.nomenclature import professions
from cpts_sessions.people.queries import profession_labels

PER_PAGE: Final = 50
_SHORTEST_OF_A_PROFESSION: Final = 3
#: What is written between the figures of a telephone number.
_BETWEEN_FIGURES: Final = (" ", "\u00a0", "\u202f", ".", "-", "(", ")", "/")

#: What packages above may ask of a person.
Condition = ColumnElement[bool]
#: Return the ids of those who left a number that holds these digits elsewhere than in their record.
Callers = Callable[[str], Select[int]]


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
    also: Sequence[Condition] = ()  # what packages above know of persons
    callers: Callers | None = None
    best_first: bool = False  # who is named by the words before whose address or profession holds them
    allows_a_slip: bool = True  # of one letter, when nobody answers the words exactly


@dataclass(frozen=True)
class PersonPage:
    """One page of the directory, by last then first name; `total` counts the whole list."""

    persons: Sequence[Person]
    page: int
    total: int
    per_page: int = PER_PAGE
    is_close: bool = False  # nobody answers the words exactly: these do but for a letter

    @property
    def pages(self) -> int:
        """How many pages the list has: at least one."""
        return max(1, -(-self.total // self.per_page))


#: Of a person found: her id, and what her names are in `identity`.
Found = tuple[int, str]


def search(organisation_id: int, wanted: Wanted, *, page: int = 1, per_page: int = PER_PAGE) -> PersonPage:
    """Return one page of the persons wanted, those whose data were erased left out.

    When nobody answers the words, those who do but for one letter are found. Élodie comes before Fatima.
    """
    words = words_of(wanted.words)
    rows = _read(_among(organisation_id, wanted).where(*_exactly(organisation_id, words, wanted)))
    is_close = wanted.allows_a_slip and not rows and any(takes_a_slip(word) for word in words)
    if is_close:
        rows = _nearly(organisation_id, words, wanted)
    first = nsmallest(page * per_page, rows, _order(words if wanted.best_first else []))
    shown = [row[0] for row in first[(page - 1) * per_page :]]
    found = {one.id: one for one in db.session.execute(select(Person).where(Person.id.in_(shown))).scalars()}
    return PersonPage([found[id_] for id_ in shown], page, len(rows), per_page, is_close and bool(rows))


def _order(words: list[str]) -> Callable[[Found], tuple[bool, list[str], int]]:
    """French order, the same on both engines: letters only; but first those of whom a name begins with a word."""
    keys = tuple(name_key(word) for word in words)

    def key(row: Found) -> tuple[bool, list[str], int]:
        names = with_plain_letters(row[1]).rsplit("|", 2)[1:]
        return bool(keys) and not any(name.startswith(keys) for name in names), names, row[0]

    return key


def matching(organisation_id: int, words: str) -> Select[int]:
    """Return the ids of the persons whose name, address or profession holds every word."""
    wanted = Wanted(words=words)
    chosen = _among(organisation_id, wanted).where(*_exactly(organisation_id, words_of(words), wanted))
    return chosen.with_only_columns(Person.id)


def _among(organisation_id: int, wanted: Wanted) -> Select[int, str]:
    statement = select(Person.id, Person.identity)
    statement = statement.where(Person.organisation_id == organisation_id, Person.erased_at.is_(None), *wanted.also)
    if wanted.profession_slug:
        statement = statement.where(Person.profession_slug == wanted.profession_slug)
    if wanted.among is Among.WITHOUT_EMAIL:
        statement = statement.where(Person.email.is_(None))
    elif wanted.among is not Among.EVERYBODY:
        statement = statement.where(Person.is_member.is_(wanted.among is Among.MEMBERS))
    return statement


def _read(statement: Select[int, str]) -> list[Found]:
    return [(id_, identity) for id_, identity in db.session.execute(statement)]


def _exactly(organisation_id: int, words: list[str], wanted: Wanted) -> list[ColumnElement[bool]]:
    """Hold every word in the name, the address or the profession; or the number of a telephone."""
    if digits := phone_of(wanted.words):
        called = Person.id.in_(wanted.callers(digits)) if wanted.callers else false()
        return [or_(_phone().contains(digits), called)]
    if not words and wanted.words.strip():
        return [false()]
    named = _professions(organisation_id, words)
    return [or_(*_holding(word), Person.profession_slug.in_(named[word])) for word in words]


def _holding(word: str) -> list[ColumnElement[bool]]:
    return [Person.email.contains(word, autoescape=True), _in_the_names(name_key(word))]


def _in_the_names(key: str) -> ColumnElement[bool]:
    """Whether the names hold it; what comes before them in `identity` is the address."""
    folded: SQLColumnExpression[str] = Person.identity
    for letter, plain in WHOLE_LETTERS.items():
        if set(plain) & set(key):  # the others change nothing to what is sought
            folded = func.replace(folded, letter, plain)
    return folded.like(f"%|%{key}%")


def _phone() -> ColumnElement[str]:
    bare: ColumnElement[str] = func.coalesce(Person.phone, "")
    for sign in _BETWEEN_FIGURES:
        bare = func.replace(bare, sign, "")
    return bare


def _professions(organisation_id: int, words: list[str]) -> dict[str, set[str]]:
    """Return the professions of which a name has a word that begins like it, by word."""
    long = [word for word in words if len(word) >= _SHORTEST_OF_A_PROFESSION and word.isalpha()]
    labels = profession_labels(organisation_id) if long else {}
    known = {slug: {*words_of(said), *_words_of_professions().get(slug, ())} for slug, said in labels.items()}
    found = {word: {slug for slug, among in known.items() if begins_one(word, among)} for word in long}
    return {word: found.get(word, set()) for word in words}


@cache
def _words_of_professions() -> dict[str, frozenset[str]]:
    """Return every word that names each profession: « kiné » finds those whose label has no such word."""
    lines = {line.slug: line.spellings for line in professions()}
    return {slug: frozenset(word for one in names for word in words_of(one)) for slug, names in lines.items()}


def _nearly(organisation_id: int, words: list[str], wanted: Wanted) -> list[Found]:
    """Return those of whom a name begins with each word but for a letter; short words and addresses as they are."""
    named = _professions(organisation_id, words)
    statement = _among(organisation_id, wanted)
    for word in words:
        pieces = [_in_the_names(piece) for piece in halves(word)] if takes_a_slip(word) else []
        statement = statement.where(or_(*_holding(word), Person.profession_slug.in_(named[word]), *pieces))
    rows = db.session.execute(statement.add_columns(Person.first_name, Person.last_name, Person.profession_slug)).all()
    return [(row.id, row.identity) for row in rows if all(_answers(word, row, named[word]) for word in words)]


def _answers(word: str, row: Row[int, str, str, str, str | None], slugs: set[str]) -> bool:
    identity = with_plain_letters(row.identity)
    names = [*words_of(f"{row.first_name} {row.last_name}"), *identity.rsplit("|", 2)[1:]]
    return word in identity or row.profession_slug in slugs or any(is_near(word, name) for name in names)
