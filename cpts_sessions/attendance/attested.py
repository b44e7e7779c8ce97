"""What an attestation says, as plain values frozen on the day it is issued. Reads what it is given, writes nothing."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person, Profession
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import GroupSession

#: Of a confidential programme, on whatever paper leaves the hands of the person it is given to.
NEUTRAL_TITLE: Final = "Séance d’échange entre professionnels de santé"

#: The seven professions with a council (code de la santé publique, L. 4021-1 and following), by their lines of the
#: nomenclature: the only ones whose certification asks for attestations. Those still in training have none.
WITH_A_COUNCIL: Final = frozenset(
    {
        "chirurgien-dentiste",
        "infirmier",
        "infirmier-asalee",
        "infirmier-liberal",
        "infirmier-pratique-avancee",
        "infirmier-puericulteur",
        "masseur-kinesitherapeute",
        "medecin-generaliste",
        "medecin-specialiste",
        "pedicure-podologue",
        "pharmacien",
        "sage-femme",
    }
)
#: The axis of the certification to which a programme may contribute, by its ACI action.
AXES: Final[Mapping[int | None, int]] = {29: 2, 30: 4}
_ONE_MENTION: Final = (
    "Cette participation peut contribuer, selon le référentiel de votre conseil national professionnel, "
    "à l’axe\u00a0{axis} de la certification périodique."
)
SEVERAL_MENTION: Final = (
    "Ces participations peuvent contribuer, selon le référentiel de votre conseil national professionnel, "
    "à l’axe\u00a02 (GAPP) ou 4 (cercles) de la certification périodique."
)

#: Crockford's base 32: no letter that is taken for a digit, nor U. Twelve of them are 60 bits: nobody guesses one.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_GROUPS, _IN_A_GROUP = 3, 4

#: What two attestations must share for the later one to say nothing new; who signs, where and when may differ.
_COMPARED: Final = ("personne", "profession", "rpps", "lieu", "mention", "seances")

Facts = dict[str, Any]


@dataclass(frozen=True)
class Presence:
    """One person present at one session; `animates`: it was hers to lead."""

    person: Person
    group_session: GroupSession
    animates: bool


def new_code() -> str:
    """Return a code that was never given: « 7K2M-9QTR-4BXW »."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _IN_A_GROUP))
    return _grouped(drawn)


def read_code(typed: str) -> str | None:
    """Return the code somebody typed, whatever its case, spaces and hyphens; None when it can be no code."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_READ_AS)
    if len(kept) != _GROUPS * _IN_A_GROUP or set(kept) - set(_ALPHABET):
        return None
    return _grouped(kept)


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _IN_A_GROUP] for at in range(0, len(letters), _IN_A_GROUP))


def session_facts(presence: Presence, professions: Mapping[str, Profession], organisation: Organisation) -> Facts:
    """Return what is attested of one presence, in the words that are printed."""
    person, group_session = presence.person, presence.group_session
    programme = group_session.programme
    axis = AXES.get(programme.action)
    may_count = (
        axis and not programme.is_confidential and not presence.animates and person.profession_slug in WITH_A_COUNCIL
    )
    return {
        **_about_person(person, professions),
        **_signature(organisation),
        "lieu": french.typo(wording.public_place(group_session)),
        "mention": french.typo(_ONE_MENTION.format(axis=axis)) if may_count else "",
        "seances": [session_line(presence)],
    }


def year_facts(
    person: Person, lines: Sequence[Facts], professions: Mapping[str, Profession], organisation: Organisation
) -> Facts:
    """Return what is attested of all the sessions of a year, given their lines in any order."""
    ordered = sorted(lines, key=lambda line: str(line["debut"]))
    may_count = (
        person.profession_slug in WITH_A_COUNCIL
        and all(line["axe"] for line in ordered)
        and not any(line["anime"] for line in ordered)
    )
    return {
        **_about_person(person, professions),
        **_signature(organisation),
        "lieu": "",
        "mention": french.typo(SEVERAL_MENTION) if may_count else "",
        "seances": ordered,
        "nombre": french.counted(len(ordered), "séance", "séances"),
        "total": french.duration(total(ordered)),
    }


def session_line(presence: Presence) -> Facts:
    """Return one session as it is attested; `axe` is None when its title is neutral or counts for no certification."""
    group_session = presence.group_session
    programme = group_session.programme
    start, end = local(group_session.starts_at), local(group_session.ends_at)
    return {
        "seance": str(group_session.public_id),
        "debut": group_session.starts_at.isoformat(),
        "fin": group_session.ends_at.isoformat(),
        "intitule": french.typo(NEUTRAL_TITLE if programme.is_confidential else programme.session_title),
        "quand": french.when(start, end),
        "duree": french.duration(group_session.duration),
        "axe": None if programme.is_confidential else AXES.get(programme.action),
        "anime": presence.animates,
    }


def total(lines: Iterable[Facts]) -> timedelta:
    """Return how long these sessions lasted together."""
    return sum((_instant(line["fin"]) - _instant(line["debut"]) for line in lines), timedelta(0))


def says_the_same(one: Facts, other: Facts) -> bool:
    """Whether two attestations say the same of the same person."""
    return all(one[name] == other[name] for name in _COMPARED)


def has_kept_its_hours(line: Facts, group_session: GroupSession) -> bool:
    """Whether a session still began and ended when a line of an attestation says."""
    return _instant(line["debut"]) == group_session.starts_at and _instant(line["fin"]) == group_session.ends_at


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _about_person(person: Person, professions: Mapping[str, Profession]) -> Facts:
    profession = professions.get(person.profession_slug or "")
    is_feminine = person.civility == "Mme"
    label = (profession.label_f if is_feminine else profession.label) if profession else ""
    return {
        "personne": french.typo(" ".join(filter(None, (person.civility, person.first_name, person.last_name)))),
        "profession": french.typo(label),
        "rpps": person.rpps or "",
    }


def _signature(organisation: Organisation) -> Facts:
    by = ", ".join(filter(None, (organisation.signatory_name, organisation.signatory_function)))
    day = french.day(now())
    return {
        "cpts": french.typo(organisation.name),
        "fait": french.typo(f"Fait à {organisation.town}, le {day}" if organisation.town else f"Fait le {day}"),
        "signature": french.typo(by or f"La coordination de la {organisation.name}"),
    }
