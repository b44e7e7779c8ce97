"""The three figures of a year, attendances and places.

`unnamed` is everywhere the largest number of people noted without their names in one session of the period, 0 when
everyone has a name: the distinct people known by name are then a minimum.
"""

from collections.abc import Sequence
from fractions import Fraction

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames, capitalised, percent, quantity


def three_figures(enrolled: int, present: int, attendances: int, unnamed: int = 0) -> str:
    """« 19 inscrits distincts, 17 présents distincts, 77 présences cumulées »: always all three, named in full."""
    people = _distinct(enrolled, "inscrit distinct", "inscrits distincts", unnamed)
    return capitalised(f"{people}, {_came(present, attendances, unnamed)}")


def enrolled_sentence(enrolled: int, unnamed: int = 0) -> str:
    """« 19 inscrits distincts »: the first of the three figures, alone."""
    return capitalised(_distinct(enrolled, "inscrit distinct", "inscrits distincts", unnamed))


def present_and_attendances(present: int, attendances: int, unnamed: int = 0) -> str:
    """« 24 présents distincts, 107 présences cumulées »: beside a sentence that says the inscrits."""
    return capitalised(_came(present, attendances, unnamed))


def together_sentence(enrolled: int, programmes: Sequence[ProgrammeNames], unnamed: int = 0) -> str:
    """« 26 inscrits distincts, GAPP et cercles de paroles réunis »; empty under two programmes."""
    if len(programmes) < 2:
        return ""
    feminine = all(names.gender is Gender.FEMININE for names in programmes)
    together = f"{french.listing([names.plural for names in programmes])} {'réunies' if feminine else 'réunis'}"
    people = _distinct(enrolled, "inscrit distinct", "inscrits distincts", unnamed)
    return french.punctuate(capitalised(f"{people}, {together}"))


def attendances_sentence(attendances: int, sessions: int) -> str:
    """« 77 présences cumulées en 13 séances, soit 5,9 en moyenne par séance »; no mean for one session.

    Raises:
        ValueError: attendances without any session.
    """
    if attendances == 0:
        return "Aucune présence relevée"
    if sessions < 1:
        raise ValueError("attendances need a session")
    told = quantity(attendances, "présence cumulée", "présences cumulées", Gender.FEMININE)
    told += f" en {quantity(sessions, 'séance', 'séances', Gender.FEMININE)}"
    if sessions > 1:
        told += f", soit {french.number(Fraction(attendances, sessions))} en moyenne par séance"
    return told


def unnamed_sentence(attendances: int) -> str:
    """Where attendances noted without a name are counted, and where they are not; empty without any."""
    if attendances == 0:
        return ""
    noted = quantity(attendances, "présence relevée", "présences relevées", Gender.FEMININE)
    counted = french.plural(attendances, "comptée", "comptées")
    return french.punctuate(
        f"{noted} sans nom : {counted} dans les présences cumulées, pas dans les présents distincts"
    )


def seats_sentence(taken: int, places: int) -> str:
    """« 9 places occupées sur 12 (75 %) »; more people than places is full too."""
    told = capitalised(quantity(taken, "place occupée", "places occupées", Gender.FEMININE))
    told += f" sur {french.number(places)}"
    if taken >= places:
        told += " : complet"
    elif taken:
        told += f" ({percent(taken, places)} %)"
    return french.punctuate(told)


def places_left(n: int) -> str:
    """« Il reste 4 places », or that the waiting list is open."""
    if n == 0:
        return french.punctuate("Complet, liste d'attente ouverte")
    return f"Il reste {quantity(n, 'place', 'places', Gender.FEMININE)}"


def _came(present: int, attendances: int, unnamed: int) -> str:
    people = _distinct(present, "présent distinct", "présents distincts", unnamed)
    return f"{people}, {quantity(attendances, 'présence cumulée', 'présences cumulées', Gender.FEMININE)}"


def _distinct(known: int, one: str, many: str, unnamed: int) -> str:
    if not unnamed:
        return quantity(known, one, many, Gender.MASCULINE)
    return f"au moins {quantity(known or unnamed, one, many, Gender.MASCULINE)}"
