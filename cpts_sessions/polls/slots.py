"""The slots of a poll as they are typed: one date a line, with its own hour when it has one. Pure."""

import re
from datetime import datetime, time, timedelta

from cpts_sessions.core.clock import at
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.programmes.import_rules import parse_hour
from cpts_sessions.programmes.series import typed_days

_ENDS_WITH_HOUR = re.compile(r"(?P<day>.*?\S)[\s,]+(?:à\s+)?(?P<hour>\d{1,2}\s*[h:]\s*\d{0,2})\s*", re.IGNORECASE)

Slot = tuple[datetime, datetime | None]


def typed_slots(text: str, start: time, length: timedelta | None) -> list[Slot]:
    """Return the slots typed one a line, each once, earliest first; the end is None when no length is given.

    « 16/03/2027 » begins at `start`; « mardi 16 mars 2027 à 10 h » at ten.

    Raises:
        RuleBroken: a line is not a date, its hour does not exist, or there is no line.
    """
    starts: set[datetime] = set()
    for line in filter(None, map(str.strip, text.splitlines())):
        day, hour = _apart(line)
        starts |= {at(one, hour or start) for one in typed_days(day)}
    if not starts:
        raise RuleBroken("Proposez au moins un créneau.")
    return [(one, one + length if length else None) for one in sorted(starts)]


def _apart(line: str) -> tuple[str, time | None]:
    found = _ENDS_WITH_HOUR.fullmatch(line)
    if found is None:
        return line, None
    hour = parse_hour(found["hour"].strip())
    if hour is None:
        raise RuleBroken(typo(f"« {line} » : cette heure n’existe pas."))
    return found["day"], hour
