"""What the registers take, and how their rows are called. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import MONTHS, fold, identity_key, typo
from cpts_sessions.registers.models import Channel

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_IN_A_YEAR: Final = 9999  # requests of one line, people supported: beyond, a key was held down

CHANNELS: Final[dict[Channel, str]] = {
    Channel.SITE: "Site",
    Channel.NEWSLETTER: "Lettre d’information",
    Channel.STAND: "Stand",
    Channel.WORKSHOP: "Atelier",
    Channel.LEAFLETS: "Dépliants",
    Channel.OTHER: "Autre",
}

_MONTH = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)|(?P<m2>\d\d?)/(?P<y2>\d{4})", re.ASCII)


def checked_day(day: date) -> date:
    """Return the day.

    Raises:
        RuleBroken: it is far from any season.
    """
    checked_year(day.year)
    return day


def checked_year(year: int) -> int:
    """Return the year.

    Raises:
        RuleBroken: it is not between 2000 and 2100.
    """
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year
    raise RuleBroken(typo(f"« {year} » n’est pas une année entre {FIRST_YEAR} et {LAST_YEAR}."))


def month_said(text: str) -> date | None:
    """Return the first day of « mai 2025 », « 2025-05 » or « 05/2025 »; None when it is none of them."""
    typed = text.strip()
    if found := _MONTH.fullmatch(typed):
        return _first_of(int(found["y"] or found["y2"]), int(found["m"] or found["m2"]))
    name, _, year = fold(typed).rpartition(" ")
    months = [fold(month) for month in MONTHS]
    if name.strip() in months and re.fullmatch(r"\d{4}", year, re.ASCII):
        return _first_of(int(year), months.index(name.strip()) + 1)
    return None


def checked_link(text: str) -> str:
    """Return the address of a page, or nothing when nothing was typed.

    Raises:
        RuleBroken: it is not the address of a page on the web.
    """
    typed = text.strip()
    if not typed:
        return ""
    try:
        parts = urlsplit(typed)
        is_page = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_page = False
    if not is_page or any(sign.isspace() or not sign.isprintable() for sign in typed):
        raise RuleBroken(typo(f"« {typed} » n’est pas l’adresse d’une page : elle commence par https://"))
    return typed


def supported(text: str) -> int | None:
    """Return how many people were supported in a year; None when nothing was typed: it is not known.

    Raises:
        RuleBroken: anything but a number was typed.
    """
    typed = "".join(text.split())
    if not typed:
        return None
    if any(sign.isalpha() for sign in typed):
        raise RuleBroken(typo("Ce registre ne garde qu’un nombre. Retirez les noms."))
    if not re.fullmatch(r"\d{1,6}", typed, re.ASCII) or int(typed) > MOST_IN_A_YEAR:
        raise RuleBroken(typo(f"Écrivez un nombre de 0 à {MOST_IN_A_YEAR}, sans rien d’autre."))
    return int(typed)


def called(what: str, channel: str, day: date) -> str:
    """Return how a list calls a communication; newsletters say their month: « lettre d’information (mai 2025) ».

    What already says a bracket says enough; no full stop is typed inside a sentence.
    """
    words = what.rstrip(".")
    if channel != Channel.NEWSLETTER or "(" in words:
        return words
    return f"{words} ({month_in_words(day)})"


def month_in_words(day: date) -> str:
    """Return « mai 2025 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def alike(words: str) -> str:
    """Return what is the same for words that differ by accents, capitals, spaces or apostrophes alone."""
    return identity_key(words) or words


def natures_together(lines: Iterable[str]) -> str:
    """Return the natures of several requests, each once, in the order they were noted; of one request, as typed."""
    known: dict[str, str] = {}
    for line in lines:
        for nature in filter(None, (part.strip() for part in line.split(","))):
            known.setdefault(alike(nature), nature)
    first, *others = list(known.values()) or [""]
    return ", ".join([first, *map(_inside, others)])


def needs_together(lines: Iterable[str]) -> str:
    """Return the needs of several requests, each once, in the order they were noted."""
    known: dict[str, str] = {}
    for line in filter(None, lines):
        known.setdefault(alike(line), line)
    return " ; ".join(known.values())


def _inside(nature: str) -> str:
    """A nature after a comma: « Formation » loses its capital, « IPA » keeps it."""
    return nature[0].lower() + nature[1:] if nature[1:2].islower() else nature


def _first_of(year: int, month: int) -> date | None:
    return date(year, month, 1) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None
