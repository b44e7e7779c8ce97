"""Agreement and quantities, shared by every sentence of the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cpts_sessions.core import french


class Gender(StrEnum):
    """Of a noun, or of a person who said « M. » or « Mme »."""

    MASCULINE = "m"
    FEMININE = "f"


@dataclass(frozen=True)
class ProgrammeNames:
    """What the sessions of a programme are called, in lower case: « cercle de paroles », « cercles de paroles »."""

    singular: str
    plural: str
    gender: Gender


def agree(gender: Gender, masculine: str, feminine: str) -> str:
    """The form that goes with the gender."""
    return feminine if gender is Gender.FEMININE else masculine


def gender_of_all(people: Sequence[Gender | None]) -> Gender:
    """Feminine when everyone said « Mme », else the generic form; None is someone who said nothing."""
    return Gender.FEMININE if people and set(people) == {Gender.FEMININE} else Gender.MASCULINE


def quantity(n: int, one: str, many: str, gender: Gender) -> str:
    """« aucune présence cumulée », « 1 présence cumulée », « 77 présences cumulées »."""
    if n == 0:
        return f"{agree(gender, 'aucun', 'aucune')} {one}"
    return f"{french.number(n)} {french.plural(n, one, many)}"


def percent(part: int, whole: int) -> int:
    """Whole per cent, half rounded up; never 0 when there is someone, never 100 when someone is missing.

    Raises:
        ValueError: the part is not within the whole, or the whole is nothing.
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} is no part of {whole}")
    if part in (0, whole):
        return 100 * part // whole
    return min(max((200 * part + whole) // (2 * whole), 1), 99)


def capitalised(sentence: str) -> str:
    """The same sentence beginning with a capital; the rest is left alone."""
    return sentence[:1].upper() + sentence[1:]


def uncapitalised(sentence: str) -> str:
    """The same sentence as it goes on after a colon: its first letter in lower case, unless it opens an acronym."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
