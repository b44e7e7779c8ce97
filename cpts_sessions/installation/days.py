"""Which days and hours the demonstration gives its sessions, whatever the day it is loaded. Pure."""

from datetime import date, datetime, time, timedelta

from cpts_sessions.core.clock import at

TUESDAY, THURSDAY, SATURDAY = 1, 3, 5
#: Days on which nobody meets (Code du travail, article L3133-1; those of a fixed date), as (month, day).
PUBLIC_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def evening_near(day: date) -> date:
    """Return the first Tuesday or Thursday from this day on that is not a public holiday: five days later at most,
    ten when a holiday is met.
    """
    while day.weekday() not in (TUESDAY, THURSDAY) or (day.month, day.day) in PUBLIC_HOLIDAYS:
        day += timedelta(days=1)
    return day


def hours_on(day: date, length: timedelta) -> tuple[datetime, datetime]:
    """Return when a session of this length begins and ends: half past seven in the evening, at the weekend half
    past nine in the morning.
    """
    starts_at = at(day, time(9, 30) if day.weekday() >= SATURDAY else time(19, 30))
    return starts_at, starts_at + length
