"""One year against another. Never a change in per cent: at this size, the difference in number is enough."""

from dataclasses import dataclass

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.grammar import Gender, agree, capitalised, percent, quantity
from cpts_sessions.reports.sentences.response_rate import FEWEST_SHOWN


@dataclass(frozen=True)
class Counted:
    """What is counted, in lower case: « inscrit distinct », « inscrits distincts »."""

    one: str
    many: str
    gender: Gender


@dataclass(frozen=True)
class Rate:
    """A part of a whole in one year.

    Raises:
        ValueError: the part is not within the whole, or the whole is nothing.
    """

    part: int
    whole: int
    year: int

    def __post_init__(self) -> None:
        percent(self.part, self.whole)


def compared(counted: Counted, year: int, number: int, before: int | None) -> str:
    """« 19 inscrits distincts en 2025, contre 14 en 2024 (+5) ».

    Args:
        counted: what is counted.
        year: of the number.
        number: how many that year.
        before: how many the year before; None when nothing is known of it.
    """
    told = f"{capitalised(quantity(number, counted.one, counted.many, counted.gender))} en {year}"
    if before is None:
        told += " (première année, pas de comparaison)"
    elif before == number:
        told += f", comme en {year - 1}"
    elif before == 0:
        told += f", {agree(counted.gender, 'aucun', 'aucune')} en {year - 1}"
    else:
        told += f", contre {french.number(before)} en {year - 1}"
        told += f" ({_difference(number - before)})" if number else ""
    return french.punctuate(told)


def compared_rates(name: str, now: Rate, before: Rate) -> str:
    """« Taux de réponse : 6 sur 16 (38 %) en 2025, contre 9 sur 20 (45 %) en 2024 »; no number under five answers."""
    if before.part < FEWEST_SHOWN:
        return french.punctuate(f"{rate(name, now)} ; moins de {FEWEST_SHOWN} réponses en {before.year}")
    return french.punctuate(f"{rate(name, now)}, contre {_rate(before)}")


def rate(name: str, now: Rate) -> str:
    """« Taux de réponse : 6 sur 16 (38 %) en 2025 »; less than five answers give no number."""
    if now.part < FEWEST_SHOWN:
        return french.punctuate(f"{name} : moins de {FEWEST_SHOWN} réponses en {now.year}")
    return french.punctuate(f"{name} : {_rate(now)}")


def _rate(told: Rate) -> str:
    """« 6 sur 16 (38 %) en 2025 »; for all of them, no percentage."""
    share = "" if told.part == told.whole else f" ({percent(told.part, told.whole)} %)"
    return f"{french.number(told.part)} sur {french.number(told.whole)}{share} en {told.year}"


def _difference(n: int) -> str:
    return f"+{french.number(n)}" if n > 0 else french.number(n)
