"""A month as a calendar: weeks of seven days, each with its sessions, its holiday, and whether it is today."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from cpts_sessions.core.clock import local
from cpts_sessions.programmes.series import public_holiday
from cpts_sessions.registrations.desk import Line

_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Day:
    """One cell of the calendar; those of the months around are there to fill the week."""

    date: date
    is_of_month: bool
    is_today: bool
    holiday: str | None
    lines: list[Line] = field(default_factory=list)


def weeks(first: date, lines: Iterable[Line], today: date) -> list[list[Day]]:
    """Return the weeks of a month, Monday first, each day of it with the sessions that begin on it."""
    by_day: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        by_day[local(line.group_session.starts_at).date()].append(line)
    start, end = first - timedelta(days=first.weekday()), following(first)
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    days += [end + timedelta(days=n) for n in range(-len(days) % 7)]
    cells = [
        Day(day, _is_of(day, first), day == today, public_holiday(day), by_day[day] if _is_of(day, first) else [])
        for day in days
    ]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def following(first: date, months: int = 1) -> date:
    """Return the first day of the month so many months later, or earlier."""
    rank = first.year * _MONTHS_OF_A_YEAR + first.month - 1 + months
    return date(rank // _MONTHS_OF_A_YEAR, rank % _MONTHS_OF_A_YEAR + 1, 1)


def _is_of(day: date, first: date) -> bool:
    return (day.year, day.month) == (first.year, first.month)
