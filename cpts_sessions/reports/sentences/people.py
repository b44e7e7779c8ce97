"""Who took part, by profession: the exact sentence, and the one that may be published.

`unnamed` is everywhere the largest number of people noted without their names in one session of the period, 0 when
everyone has a name: the professionals known by name are then a minimum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, agree, gender_of_all, quantity

SMALLEST_SHOWN = 3
"""Fewer people than that in a profession are never shown in the sentence to publish."""


@dataclass(frozen=True)
class ProfessionForms:
    """How the report writes a profession; `position` is its rank among professions."""

    singular_m: str
    singular_f: str
    plural_m: str
    plural_f: str
    position: int


@dataclass(frozen=True)
class Line:
    """The people of one profession.

    `people` has one entry per person: the gender of « Mme » or « M. », None when not said. `animators` are those of
    the people who animate. `chosen` is a form picked by hand, whatever people said.

    Raises:
        ValueError: nobody, or more animators than people.
    """

    forms: ProfessionForms
    people: tuple[Gender | None, ...]
    animators: tuple[Gender | None, ...] = ()
    chosen: Gender | None = None

    def __post_init__(self) -> None:
        if not len(self.animators) <= len(self.people) > 0:
            raise ValueError("a line counts at least one person, and its animators among them")

    @property
    def count(self) -> int:
        """How many people, animators included."""
        return len(self.people)


class Took(Enum):
    """What the people counted did: enrolled, or came at least once."""

    ENROLLED = "inscrits"
    PRESENT = "presents"


def profession_line(line: Line) -> str:
    """« 3 médecins généralistes dont l'animateur »; animators alone: « 1 médecin généraliste, l'animatrice »."""
    told = _profession(line)
    animators = _animators(line.animators)
    if not animators:
        return told
    if len(line.animators) < line.count:
        return french.punctuate(f"{told} dont {animators}")
    if line.count > 1:
        animators = agree(gender_of_all(line.animators), "les animateurs", "les animatrices")
    return french.punctuate(f"{told}, {animators}")


def participants_sentence(lines: Sequence[Line], took: Took = Took.ENROLLED, unnamed: int = 0) -> str:
    """« 19 professionnels (1 sage-femme, …) se sont inscrits à l'activité », in the order of professions.

    Semicolons part the lines as soon as one has a comma, so that nobody reads one person more.
    """
    if not lines:
        return at_least_people(unnamed) if unnamed else _nobody(took)
    told = [profession_line(line) for line in _in_order(lines)]
    separator = " ; " if any("," in one for one in told) else ", "
    return french.punctuate(_sentence(lines, f" ({separator.join(told)})", took, unnamed))


def public_sentence(lines: Sequence[Line], took: Took = Took.ENROLLED, unnamed: int = 0) -> str:
    """The sentence to publish: no profession of fewer than 3 people, no remainder of 1 or 2, no animator.

    When the remainder would be 1 or 2 people, the smallest profession shown joins it. Under 3 people in all, no
    number is given.
    """
    total = _total(lines)
    if total == 0 and unnamed:
        return at_least_people(unnamed) if unnamed >= SMALLEST_SHOWN else "Des personnes ont participé"
    if total == 0:
        return _nobody(took)
    if total < SMALLEST_SHOWN:
        few = "Des professionnels" if unnamed else f"Moins de {SMALLEST_SHOWN} professionnels"
        return french.punctuate(f"{few} {_did(took, 2, Gender.MASCULINE, unnamed)}")
    shown = large_enough(lines)
    told = [_profession(line) for line in shown]
    rest = total - _total(shown)
    if told and rest:
        others = agree(_gender(lines), "autres professionnels", "autres professionnelles")
        told.append(f"{french.number(rest)} {others}")
    return french.punctuate(_sentence(lines, f" ({french.listing(told)})" if told else "", took, unnamed))


def large_enough(lines: Sequence[Line]) -> list[Line]:
    """The professions that may be shown, in order; the last of the smallest is hidden to protect the remainder."""
    shown = [line for line in _in_order(lines) if line.count >= SMALLEST_SHOWN]
    if shown and 0 < _total(lines) - _total(shown) < SMALLEST_SHOWN:
        shown.remove(min(reversed(shown), key=lambda line: line.count))
    return shown


def at_least_people(n: int) -> str:
    """« Au moins 7 personnes ont participé »: when nobody was noted by name; n is the most seen in one session."""
    return f"Au moins {quantity(n, 'personne a', 'personnes ont', Gender.FEMININE)} participé"


def with_and_without_animators(total: int, animators: Sequence[Gender | None]) -> str:
    """« 19 en comptant l'animateur, 18 sans lui »; empty when no animator is counted.

    Raises:
        ValueError: more animators than people.
    """
    if len(animators) > total:
        raise ValueError("animators are counted among the people")
    if not animators:
        return ""
    gender = gender_of_all(animators)
    them = agree(gender, "lui", "elle") if len(animators) == 1 else agree(gender, "eux", "elles")
    others = total - len(animators)
    without = french.number(others) if others else "aucun"
    return french.punctuate(f"{french.number(total)} en comptant {_animators(animators)}, {without} sans {them}")


def _sentence(lines: Sequence[Line], details: str, took: Took, unnamed: int) -> str:
    total, gender = _total(lines), _gender(lines)
    noun = agree(gender, "professionnel", "professionnelle") + french.plural(total, "", "s")
    minimum = "Au moins " if unnamed else ""
    return f"{minimum}{french.number(total)} {noun}{details} {_did(took, total, gender, unnamed)}"


def _did(took: Took, n: int, gender: Gender, unnamed: int) -> str:
    if took is Took.PRESENT:
        once = "" if unnamed else " à au moins une séance"
        return f"{french.plural(n, 'a', 'ont')} participé{once}"
    enrolled = agree(gender, "inscrit", "inscrite")
    return french.plural(n, f"s'est {enrolled}", f"se sont {enrolled}s") + " à l'activité"


def _nobody(took: Took) -> str:
    did = "n'a participé" if took is Took.PRESENT else "ne s'est inscrit à l'activité"
    return french.punctuate(f"Aucun professionnel {did}")


def _profession(line: Line) -> str:
    forms = line.forms
    gender = line.chosen or gender_of_all(line.people)
    one, many = agree(gender, forms.singular_m, forms.singular_f), agree(gender, forms.plural_m, forms.plural_f)
    return quantity(line.count, one, many, gender)


def _animators(animators: Sequence[Gender | None]) -> str:
    if not animators:
        return ""
    gender = gender_of_all(animators)
    if len(animators) == 1:
        return agree(gender, "l'animateur", "l'animatrice")
    return f"les {french.number(len(animators))} {agree(gender, 'animateurs', 'animatrices')}"


def _in_order(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.forms.position)


def _total(lines: Sequence[Line]) -> int:
    return sum(line.count for line in lines)


def _gender(lines: Sequence[Line]) -> Gender:
    return gender_of_all([person for line in lines for person in line.people])
