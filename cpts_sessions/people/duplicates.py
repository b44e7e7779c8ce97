"""Records that may be one person under two addresses or two spellings: she would count twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import select

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import DistinctPair, Person, names_in

#: Records of one mailbox, or of one name, that are compared with each other: a shared mailbox may have many.
MOST_ALIKE = 20
CLOSE = 0.8  # of SequenceMatcher.ratio: one or two letters in a usual name


class Reason(StrEnum):
    """Why two records are shown together; the value is what is read."""

    ADDRESSES = "même nom, adresses différentes"
    SPELLING = "même adresse, noms proches"
    NO_EMAIL = "même nom, l’une sans e-mail"
    RPPS = "même numéro RPPS"


@dataclass(frozen=True)
class Pair:
    """Two records, the older first, and every reason to compare them."""

    lower_id: int
    higher_id: int
    reasons: tuple[Reason, ...]


class _Record(NamedTuple):
    id: int
    email: str | None
    rpps: str | None
    first: str
    last: str

    @property
    def name(self) -> str:
        """The same whichever of the two was taken for the first name."""
        return "|".join(sorted((self.first, self.last)))


def possible_pairs(organisation_id: int) -> list[Pair]:
    """Return the pairs of records to look at, the newest first; those found distinct are left out.

    Names and addresses are compared within groups only, so that thousands of persons take no time.
    """
    found: dict[tuple[int, int], list[Reason]] = defaultdict(list)
    for one, other, reason in _alike(_records(organisation_id)):
        found[min(one, other), max(one, other)].append(reason)
    for pair in _known_distinct({lower for lower, _ in found}):
        found.pop(pair, None)
    pairs = [Pair(lower, higher, tuple(dict.fromkeys(reasons))) for (lower, higher), reasons in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.higher_id, -pair.lower_id))


def mark_distinct(one_id: int, other_id: int) -> None:
    """Remember that these two records are two persons: the pair is shown no more.

    Raises:
        RuleBroken: they are the same record, or of two organisations.
    """
    with transaction():
        lower, higher = (db.session.get_one(Person, id_) for id_ in sorted((one_id, other_id)))
        if lower.id == higher.id or lower.organisation_id != higher.organisation_id:
            raise RuleBroken("Choisissez deux fiches différentes.")
        if db.session.get(DistinctPair, (lower.id, higher.id)) is None:
            db.session.add(DistinctPair(organisation_id=lower.organisation_id, lower_id=lower.id, higher_id=higher.id))


def _records(organisation_id: int) -> list[_Record]:
    """The names are read from the identity of each person, which holds them normalised: nothing is computed again."""
    statement = select(Person.id, Person.email, Person.rpps, Person.identity).where(
        Person.organisation_id == organisation_id, Person.erased_at.is_(None)
    )
    rows = db.session.execute(statement)
    return [_Record(id_, email, rpps, *names_in(identity)) for id_, email, rpps, identity in rows]


def _known_distinct(lower_ids: set[int]) -> list[tuple[int, int]]:
    """The pairs found distinct whose older record is one of these: looked for by their key, not among those of all."""
    if not lower_ids:
        return []
    statement = select(DistinctPair.lower_id, DistinctPair.higher_id).where(DistinctPair.lower_id.in_(lower_ids))
    return [(lower, higher) for lower, higher in db.session.execute(statement)]


def _alike(records: Iterable[_Record]) -> Iterator[tuple[int, int, Reason]]:
    by_name: dict[str, list[_Record]] = defaultdict(list)
    by_email: dict[str, list[_Record]] = defaultdict(list)
    by_rpps: dict[str, list[_Record]] = defaultdict(list)
    for record in records:
        by_name[record.name].append(record)
        by_email[record.email or ""].append(record)
        by_rpps[record.rpps or ""].append(record)
    by_email.pop("", None)
    by_rpps.pop("", None)
    for one, other in _couples(by_name):
        if one.email and other.email:
            if one.email != other.email:
                yield one.id, other.id, Reason.ADDRESSES
        else:
            yield one.id, other.id, Reason.NO_EMAIL
    for one, other in _couples(by_email):
        if _are_close(one, other):
            yield one.id, other.id, Reason.SPELLING
    for one, other in _couples(by_rpps):
        yield one.id, other.id, Reason.RPPS


def _couples(groups: dict[str, list[_Record]]) -> Iterator[tuple[_Record, _Record]]:
    for group in groups.values():
        yield from combinations(group[:MOST_ALIKE], 2)


def _are_close(one: _Record, other: _Record) -> bool:
    """Whether two names differ by a slip, an order, or a name added by marriage."""
    if one.name == other.name:
        return True
    if one.first == other.first and (one.last in other.last or other.last in one.last):
        return True
    compared = SequenceMatcher(None, one.first + one.last, other.first + other.last)
    return compared.real_quick_ratio() >= CLOSE and compared.quick_ratio() >= CLOSE and compared.ratio() >= CLOSE
