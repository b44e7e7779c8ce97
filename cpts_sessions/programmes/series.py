"""The dates of a series: typed one a line, or every few weeks. Pure: dates in, dates out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import WEEKDAYS, fold, listing, typo, weekday_day
from cpts_sessions.programmes.import_rules import parse_day

MOST_DATES = 60
_FIXED = {
    (1, 1): "le jour de l’An",
    (5, 1): "la fête du Travail",
    (5, 8): "le 8 mai",
    (7, 14): "la fête nationale",
    (8, 15): "l’Assomption",
    (11, 1): "la Toussaint",
    (11, 11): "le 11 novembre",
    (12, 25): "Noël",
    (12, 26): "la Saint-Étienne, en Alsace et en Moselle",
}
_AFTER_EASTER = {
    -2: "le Vendredi saint, en Alsace et en Moselle",
    1: "le lundi de Pâques",
    39: "l’Ascension",
    50: "le lundi de Pentecôte",
}


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """Every so many weeks on one weekday (0 is Monday), until a day or for a number of dates, whichever is said."""

    weekday: int
    weeks: int
    first: date
    until: date | None = None
    number: int | None = None


def typed_days(text: str) -> list[date]:
    """Return the days typed one a line or separated by commas, each once, oldest first.

    « 2027-03-16 », « 16/03/2027 » and « mardi 16 mars 2027 » are understood.

    Raises:
        RuleBroken: a line is not a day, names another weekday than its own, there is none, or there are too many.
    """
    lines = [line.strip(" \t.;-•") for line in text.replace(";", "\n").splitlines()]
    parts = [part.strip() for line in lines for part in ([line] if _has_comma_in_day(line) else line.split(","))]
    days, wrong = [], []
    for part in filter(None, parts):
        day = parse_day(fold(part) if not part[0].isdigit() else part)
        if day is None:
            wrong.append(f"« {part} »")
        elif _other_weekday(part, day):
            raise RuleBroken(typo(f"« {part} » : cette date est un {weekday_day(day)}. Corrigez l’un ou l’autre."))
        else:
            days.append(day)
    if wrong:
        raise RuleBroken(typo(f"Date non comprise : {listing(wrong)}. Écrivez par exemple 16/03/2027, une par ligne."))
    return _checked(days)


def _other_weekday(typed: str, day: date) -> bool:
    """Whether a weekday is typed, and is not that of the day: one of the two is a slip."""
    named = fold(typed).partition(" ")[0].rstrip(",")
    return named in WEEKDAYS and named != WEEKDAYS[day.weekday()]


def rhythm_days(rhythm: Rhythm) -> list[date]:
    """Return the days of a rhythm, the first being the first such weekday on or after `first`.

    Raises:
        RuleBroken: it says neither an end nor a number, ends before it begins, or gives too many dates.
    """
    if rhythm.until is None and rhythm.number is None:
        raise RuleBroken("Dites jusqu’à quel jour, ou combien de séances.")
    if rhythm.until is not None and rhythm.until < rhythm.first:
        raise RuleBroken("Le dernier jour précède le premier.")
    if rhythm.weeks < 1:
        raise RuleBroken("Une séance toutes les semaines au plus : indiquez 1 ou davantage.")
    day = rhythm.first + timedelta(days=(rhythm.weekday - rhythm.first.weekday()) % 7)
    days: list[date] = []
    while len(days) <= MOST_DATES:
        is_over = (rhythm.number is not None and len(days) >= rhythm.number) or (
            rhythm.until is not None and day > rhythm.until
        )
        if is_over:
            break
        days.append(day)
        day += timedelta(weeks=rhythm.weeks)
    return _checked(days)


def public_holiday(day: date) -> str | None:
    """Return the name of the holiday this day is in France (code du travail, L3133-1 and L3134-13), else None."""
    after_easter = (day - easter(day.year)).days
    return _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get(after_easter)


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def _checked(days: Sequence[date]) -> list[date]:
    distinct = sorted(set(days))
    if not distinct:
        raise RuleBroken("Aucune date : rien ne serait créé.")
    if len(distinct) > MOST_DATES:
        raise RuleBroken(f"Une série compte {MOST_DATES} dates au plus : faites-en deux.")
    return distinct


def _has_comma_in_day(line: str) -> bool:
    """Whether the comma is the one of « mardi, 16 mars 2027 »."""
    return parse_day(fold(line)) is not None
