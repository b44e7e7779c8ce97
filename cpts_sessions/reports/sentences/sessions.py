"""The sessions of a programme in a year: held, planned, discovery, cancelled.

Sessions are counted, days are written: two sessions on one day are « 2 GAPP », on one date.
Sentences have no full stop, and are empty when there is nothing to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames, agree

_LETTERS = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix"}


@dataclass(frozen=True)
class Cancelled:
    """A session that was called off, and why; the reason may be empty."""

    day: date
    reason: str


def dates_sentence(held: Sequence[date], planned: Sequence[date] = (), gender: Gender = Gender.MASCULINE) -> str:
    """« 19 mars et 12 mai 2025 ; un dernier est prévu le 8 octobre ».

    One day per session. A planned day of the same year as the last one held does not repeat the year.
    """
    known_year = max(held).year if held else None
    clauses = [french.days(held), _planned(planned, gender, first=not held, known_year=known_year)]
    return french.punctuate(" ; ".join(clause for clause in clauses if clause))


def sessions_sentence(names: ProgrammeNames, year: int, held: Sequence[date], planned: Sequence[date] = ()) -> str:
    """« 5 GAPP ont été organisés les … », or that there was none in the year."""
    gender = names.gender
    if held:
        done = _passive(len(held), agree(gender, "organisé", "organisée"))
        noun = french.plural(len(held), names.singular, names.plural)
        return french.punctuate(
            f"{french.number(len(held))} {noun} {done} {_article(held)} {dates_sentence(held, planned, gender)}"
        )
    yet = "encore " if planned else ""
    none = f"{agree(gender, 'Aucun', 'Aucune')} {names.singular}"
    clauses = [
        f"{none} n'a {yet}été {agree(gender, 'organisé', 'organisée')} en {year}",
        _planned(planned, gender, first=True, known_year=year),
    ]
    return french.punctuate(" ; ".join(clause for clause in clauses if clause))


def discovery_sentence(held: Sequence[date], place: str = "") -> str:
    """« 2 séances de découverte ont été proposées les … (lieu) ; elles ne sont pas comptées ci-dessus »."""
    if not held:
        return ""
    n = len(held)
    noun = french.plural(n, "séance de découverte", "séances de découverte")
    where = f" ({place})" if place else ""
    apart = french.plural(n, "elle n'est pas comptée", "elles ne sont pas comptées")
    return french.punctuate(
        f"{french.number(n)} {noun} {_passive(n, 'proposée')} {_article(held)} {french.days(held)}{where}"
        f" ; {apart} ci-dessus"
    )


def cancelled_sentence(cancelled: Sequence[Cancelled]) -> str:
    """« 2 séances ont été annulées : le 5 mars 2025 (effectif insuffisant) et le … », oldest first."""
    if not cancelled:
        return ""
    n = len(cancelled)
    told = [f"le {french.day(one.day)}{_reason(one.reason)}" for one in sorted(cancelled, key=lambda one: one.day)]
    noun = french.plural(n, "séance", "séances")
    return french.punctuate(f"{french.number(n)} {noun} {_passive(n, 'annulée')} : {french.listing(told)}")


def _planned(planned: Sequence[date], gender: Gender, *, first: bool, known_year: int | None) -> str:
    """« un dernier est prévu le … », « deux autres sont prévus les … »; `first` when none was held before."""
    if not planned:
        return ""
    n = len(planned)
    if n == 1 and first:
        verb = agree(gender, "un premier est prévu", "une première est prévue")
    elif n == 1:
        verb = agree(gender, "un dernier est prévu", "une dernière est prévue")
    else:
        others = "" if first else " autres"
        verb = f"{_LETTERS.get(n, french.number(n))}{others} sont {agree(gender, 'prévus', 'prévues')}"
    return f"{verb} {_article(planned)} {french.days(planned, known_year)}"


def _passive(n: int, participle: str) -> str:
    return f"ont été {participle}s" if n > 1 else f"a été {participle}"


def _article(days: Sequence[date]) -> str:
    return "les" if len(set(days)) > 1 else "le"


def _reason(reason: str) -> str:
    """The reason between brackets, its first letter in lower case unless it opens an acronym."""
    words = reason.strip().rstrip(".")
    if not words:
        return ""
    return f" ({words if words[1:2].isupper() else words[0].lower() + words[1:]})"
