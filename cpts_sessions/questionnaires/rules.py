"""When a box may be opened, and when it must end. Pure: no Flask, no database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import day, typo

#: Below this many persons nothing is opened, nothing is shown.
FEWEST: Final = 5
NOT_READY: Final = "Rien n’a été dépouillé : la règle n’est pas remplie. Les réponses restent scellées."
OVER: Final = "Cette urne ne reçoit plus de réponse."


@dataclass(frozen=True)
class Count:
    """How many ballots of a box are not empty: by personal links, and on paper. Never shown before the opening."""

    personal: int
    paper: int

    @property
    def is_enough(self) -> bool:
        """Whether the box may be opened: five ballots in all, and those of personal links none, or five at least.

        Paper never helps four links over the threshold: four blank forms typed in would else open one person's answer.
        """
        return self.personal + self.paper >= FEWEST and (self.personal == 0 or self.personal >= FEWEST)


def looked_at_from(year: int) -> date:
    """Return the day from which "ready" is said, yes or no."""
    return date(year, 12, 1)


def opens_from(year: int) -> date:
    """Return the day from which the coordination may open the box of a year."""
    return date(year, 12, 10)


def ends_on(year: int) -> date:
    """Return the day on which the box of a year is opened, or carried, by itself."""
    return date(year + 1, 1, 31)


def year_of_box(season: int, today: date) -> int:
    """Return the year of the box in which a presence of that season counts: the one that still collects."""
    return season if today < ends_on(season) else max(season, today.year)


def is_at_its_end(year: int, since: datetime, today: date) -> bool:
    """Whether a box must now be opened, carried or destroyed: 31 January, or its oldest ballots are 24 months old."""
    return today >= ends_on(year) or today >= oldest_day(since)


def oldest_day(since: datetime) -> date:
    """Return the day on which ballots that may be as old as this are destroyed: 24 months, never more."""
    first = local(since).date()
    return date(first.year + 2, first.month, first.day if (first.month, first.day) != (2, 29) else 28)


def is_carried(year: int, since: datetime, today: date, *, holds_last_year: bool) -> bool:
    """Whether ballots too few to be opened wait for those of the next year; else they are destroyed.

    At the end of a second year they are; a collection closed before its time only waits.
    """
    return today < oldest_day(since) and (not holds_last_year or today < ends_on(year))


def is_looked_at(looked_at: datetime | None, year: int, today: date) -> bool:
    """Whether today's look is still to be had."""
    return today >= looked_at_from(year) and (looked_at is None or local(looked_at).date() < today)


def check_can_be_opened(year: int, today: date, *, is_ready: bool) -> None:
    """Refuse before 10 December, and before the day's look has found the box ready.

    The number itself is not asked for: trying again and again would tell when the fifth answer came.

    Raises:
        RuleBroken: it is too early, or the box is not ready.
    """
    if today < opens_from(year):
        raise RuleBroken(typo(f"L’urne {year} se dépouille à partir du {day(opens_from(year))}."))
    if not is_ready:
        raise RuleBroken(NOT_READY)


def check_year_can_be_closed(year: int, today: date) -> None:
    """Refuse to close a collection early once it can be opened anyway.

    Raises:
        RuleBroken: 10 December has come.
    """
    if today >= opens_from(year):
        raise RuleBroken(typo(f"L’urne {year} se dépouille déjà : la collecte n’a plus à être close."))


def first_message_on(closed_at: datetime) -> date:
    """Return the day on which the link leaves: the one after the session was closed."""
    return local(closed_at).date() + timedelta(days=1)
