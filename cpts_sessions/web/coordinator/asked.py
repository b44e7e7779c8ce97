"""What the address of a list asks: every filter is said, kept from page to page, and taken off by a link.

An address with a value that means nothing shows the list without it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from flask import request, url_for

from cpts_sessions.core import clock
from cpts_sessions.core.french import MONTHS
from cpts_sessions.web.coordinator import month as month_calendar

LAST_PAGE = 100_000
YEARS = range(2000, 2100)


class Filter(NamedTuple):
    """One word of an address, and what it is called on the page; without words, it is no filter to take off."""

    value: str
    words: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked of one list; only what means something."""

    endpoint: str
    filters: Mapping[str, Filter]

    def value(self, name: str) -> str:
        """What the address says of one filter; empty when it says nothing."""
        return self.filters[name].value if name in self.filters else ""

    def url(self, **changes: str | int | None) -> str:
        """The address of the same list, but for these changes; None takes a filter off."""
        values: dict[str, Any] = {name: one.value for name, one in self.filters.items()} | changes
        return url_for(self.endpoint, **{name: value for name, value in values.items() if value not in (None, "")})

    @property
    def removable(self) -> list[tuple[str, str]]:
        """The words of each filter, with the address of the list without it."""
        return [(one.words, self.url(**{name: None})) for name, one in self.filters.items() if one.words]

    @property
    def without(self) -> str:
        """The address without any of the filters that can be taken off."""
        return self.url(**{name: None for name, one in self.filters.items() if one.words})

    @property
    def page_base(self) -> str:
        """The address of a page of the list, but for its number."""
        base = self.url()
        return f"{base}{'&' if '?' in base else '?'}page="

    def kept(self, *names: str) -> list[tuple[str, str]]:
        """What a form of this list carries hidden, because no field of it says it."""
        return [(name, self.filters[name].value) for name in names if name in self.filters]


def asked(endpoint: str, filters: Iterable[tuple[str, Filter | None]]) -> Asked:
    """What an address asks, from each filter it may have."""
    return Asked(endpoint, {name: one for name, one in filters if one is not None and one.value})


def choice(name: str, offered: Mapping[str, str], said: str = "") -> Filter | None:
    """The choice an address makes among some; `said` comes before its words on the page."""
    value = request.args.get(name, "")
    return Filter(value, f"{said}{offered[value]}") if value and value in offered else None


def is_untidy() -> bool:
    """Whether the address holds what a form sends of fields left alone: it is then written again without."""
    return any(not value for value in request.args.values())


def page_number() -> int:
    """The page asked for: the first, when the address says nothing that may be a page."""
    page = request.args.get("page", 1, int)
    return page if 1 <= page <= LAST_PAGE else 1


def year(name: str, offered: Collection[int]) -> int | None:
    """The year asked for, when it is one of these."""
    value = request.args.get(name, type=int)
    return value if value in offered else None


def month(name: str) -> date | None:
    """The first day of the month asked for (« 2026-11 »)."""
    try:
        day = date.fromisoformat(f"{request.args.get(name, '')}-01")
    except ValueError:
        return None
    return day if day.year in YEARS and request.args[name] == f"{day:%Y-%m}" else None


def last_months(number: int) -> dict[str, str]:
    """The months of the last so many, the latest first, by their word in an address: « novembre 2026 »."""
    this = clock.today().replace(day=1)
    firsts = [month_calendar.following(this, -n) for n in range(number + 1)]
    return {f"{one:%Y-%m}": f"{MONTHS[one.month - 1]} {one.year}" for one in firsts}


def bounds_of_month(said: str) -> tuple[datetime, datetime]:
    """The first instant of the month of an address, and the first of the next."""
    first = date.fromisoformat(f"{said}-01")
    return clock.at(first, time()), clock.at(month_calendar.following(first), time())
