"""What a person asks of a count: a year, a day; as typed on a page or a command."""

import re
from datetime import date

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo

FIRST_YEAR, LAST_YEAR = 2000, 2100
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d\d?)/(?P<m2>\d\d?)/(?P<y2>\d{4})", re.ASCII)


def year_asked(text: str) -> int:
    """Return the year typed.

    Raises:
        RuleBroken: it is not a year between 2000 and 2100.
    """
    digits = text.strip()
    if digits.isascii() and digits.isdecimal() and FIRST_YEAR <= int(digits[:5]) <= LAST_YEAR:
        return int(digits)
    raise RuleBroken(typo(f"« {text} » n’est pas une année entre {FIRST_YEAR} et {LAST_YEAR}."))


def day_asked(text: str | None) -> date | None:
    """Return the day typed, 2025-12-20 or 20/12/2025; None when nothing was.

    Raises:
        RuleBroken: there is no such day, or it is far from any season.
    """
    typed = (text or "").strip()
    if not typed:
        return None
    found = _DAY.fullmatch(typed)
    parts = [found[f"{name}"] or found[f"{name}2"] for name in "ymd"] if found else []
    try:
        day = date(*map(int, parts))
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
    except (TypeError, ValueError):
        pass
    raise RuleBroken(typo(f"« {typed} » n’est pas un jour. Écrivez par exemple 2025-12-20 ou 20/12/2025."))
