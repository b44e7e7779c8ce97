"""What the coordination looks for in one field: persons, programmes and sessions, by words or by a date."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Select, func, select

from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import MONTHS, WEEKDAYS, fold
from cpts_sessions.core.sought import begins_one, is_near, words_of
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.search import PersonPage, Wanted
from cpts_sessions.people.search import search as find_persons
from cpts_sessions.programmes import queries as programmes
from cpts_sessions.programmes.models import GroupSession, Programme, SessionAnimator
from cpts_sessions.registrations import desk
from cpts_sessions.registrations.models import SEATED, Registration, Status

#: How many of each are shown at once; the others are a link away.
MOST: Final = 8
_MONTHS: Final = tuple(fold(month) for month in MONTHS)
#: « la séance du 12 mars » is a date and nothing else.
_SMALL_WORDS: Final = frozenset(
    ["seance", "seances", "le", "la", "les", "l", "du", "de", "des", "d", "au", "aux", "a", "en", "et"]
)
_ISO = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?\b")
_FIGURES = re.compile(r"\b(?P<d>\d{1,2}) ?[/.-] ?(?P<m>\d{1,2})(?: ?[/.-] ?(?P<y>\d{4}|\d{2}))?\b(?![/.-]?\d)")
_MONTH_OF_YEAR = re.compile(r"\b(?P<m>\d{1,2})[/.-](?P<y>\d{4})\b")
_NAMED = re.compile(r"\b(?P<d>\d{1,2})(?:er)? (?P<month>[a-z]{3,})\.?(?: (?P<y>\d{4}))?\b")


@dataclass(frozen=True)
class Day:
    """A date as typed: what is None was not said."""

    day: int | None
    month: int
    year: int | None

    def is_of(self, day: date) -> bool:
        """Whether a day is the one that was typed, or one of them."""
        return self.month == day.month and self.day in (None, day.day) and self.year in (None, day.year)


@dataclass(frozen=True)
class Sessions:
    """The sessions found: the next ones first, then the latest past; `lines` holds the first of them."""

    ids: Sequence[int]
    lines: Sequence[desk.Line]
    is_close: bool = False  # none answers the words exactly

    @property
    def others(self) -> int:
        """How many are not shown here."""
        return len(self.ids) - len(self.lines)


@dataclass(frozen=True)
class Found:
    """What answers: some persons, with the last date of each by id, some programmes, some sessions."""

    persons: PersonPage
    last_dates: dict[int, datetime]
    programmes: Sequence[Programme]
    sessions: Sessions
    read_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all answers."""
        return not (self.persons.total or self.programmes or self.sessions.ids)


def look_for(organisation_id: int, text: str) -> Found:
    """Return what answers what was typed; nothing of it is kept anywhere."""
    every = programmes.programmes_of(organisation_id, with_archived=True)
    words = words_of(text)
    named = [one for one in every if words and all(begins_one(word, _named(one)) for word in words)]
    sought = _Sought(organisation_id, text, every)
    exact = sought.exactly()
    wanted = Wanted(
        words=text,
        callers=partial(callers, organisation_id),
        best_first=True,
        allows_a_slip=not (exact or named or sought.day),
    )
    persons = find_persons(organisation_id, wanted, per_page=MOST)
    near = [] if exact or named or (persons.total and not persons.is_close) else sought.nearly()
    ids = _next_first(exact or near)
    return Found(
        persons=persons,
        last_dates=last_dates(organisation_id, [person.id for person in persons.persons]),
        programmes=named,
        sessions=Sessions(ids, _first_lines(organisation_id, ids[:MOST]), bool(near)),
        read_at=now(),
    )


def session_ids(organisation_id: int, text: str) -> list[int]:
    """Return the ids of the sessions that answer what was typed, the next ones first, then the latest past."""
    sought = _Sought(organisation_id, text, programmes.programmes_of(organisation_id, with_archived=True))
    return _next_first(sought.exactly() or sought.nearly())


def callers(organisation_id: int, digits: str) -> Select[int]:
    """Return the ids of those who left a number with these digits when they asked for a seat."""
    bare = func.replace(func.replace(func.coalesce(Registration.phone, ""), " ", ""), ".", "")
    left = select(Registration.person_id).where(Registration.organisation_id == organisation_id)
    return left.where(bare.contains(digits))


def last_dates(organisation_id: int, person_ids: Collection[int]) -> dict[int, datetime]:
    """Return when the last session of each begins or began: a seat of hers, or a presence."""
    statement = (
        select(Registration.person_id, func.max(GroupSession.starts_at))
        .join(Registration.group_session)
        .where(
            Registration.organisation_id == organisation_id,
            Registration.person_id.in_(person_ids),
            Registration.status.in_([*SEATED, Status.WALK_IN]),
        )
        .group_by(Registration.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def typed_day(text: str) -> tuple[Day | None, str]:
    """Return the date that is typed, and the other words: « 12 mars », « 12/03/2026 », « 2026-03 », « 03/2026 »."""
    plain = fold(text)
    for form in (_ISO, _MONTH_OF_YEAR, _FIGURES, _NAMED):
        if (said := form.search(plain)) and (day := _day(said.groupdict())):
            rest = f"{plain[: said.start()]} {plain[said.end() :]}"
            return day, rest if day.day is None else " ".join(word for word in rest.split() if word not in WEEKDAYS)
    return None, plain


def _day(said: dict[str, str | None]) -> Day | None:
    named = said.get("month")
    month = next((n for n, one in enumerate(_MONTHS, 1) if named and one.startswith(named)), 0)
    month = month or int(said.get("m") or 0)
    day, year = said.get("d"), said.get("y")
    if not 1 <= month <= 12 or not (day is None or 1 <= int(day) <= 31):
        return None
    full_year = int(year) + 2000 if year and len(year) == 2 else int(year or 0)
    return Day(int(day) if day else None, month, full_year or None)


class _Row(NamedTuple):
    id: int
    starts_at: datetime
    programme_id: int
    places: tuple[str, ...]


class _Sought:
    """What was typed, compared with the sessions of an organisation, read once."""

    def __init__(self, organisation_id: int, text: str, every: Sequence[Programme]) -> None:
        self.day, rest = typed_day(text)
        self.words = [word for word in words_of(rest) if word not in _SMALL_WORDS]
        self.rows: list[_Row] = []
        if self.day or self.words:
            self.rows = [row for row in _rows(organisation_id) if self._is_on_the_day(row)]
        self.told = list(_told(organisation_id, self.rows, every)) if self.words and self.rows else []

    def exactly(self) -> list[_Row]:
        """The sessions of which a word begins with each of those typed."""
        return self._answering(lambda word, said: begins_one(word, (said,)))

    def nearly(self) -> list[_Row]:
        """The same, but for one letter of each; figures as they are."""
        return self._answering(lambda word, said: word == said if word.isdecimal() else is_near(word, said))

    def _answering(self, answers: Callable[[str, str], bool]) -> list[_Row]:
        """Compare each word of the sessions once, however many have it."""
        every = {said for _, words in self.told for said in words}
        right = [{said for said in every if answers(word, said)} for word in self.words]
        if not self.words:
            return self.rows
        return [row for row, words in self.told if not any(one.isdisjoint(words) for one in right)]

    def _is_on_the_day(self, row: _Row) -> bool:
        return self.day is None or self.day.is_of(local(row.starts_at).date())


def _next_first(rows: Sequence[_Row]) -> list[int]:
    instant = now()
    past = [row.id for row in rows if row.starts_at < instant]
    return [*(row.id for row in rows if row.starts_at >= instant), *reversed(past)]


def _first_lines(organisation_id: int, ids: Sequence[int]) -> list[desk.Line]:
    if not ids:
        return []
    found = desk.lines(desk.sessions_of(organisation_id).where(GroupSession.id.in_(ids)))
    return sorted(found, key=lambda line: ids.index(line.group_session.id))


def _rows(organisation_id: int) -> list[_Row]:
    """Read what the sessions of an organisation are searched by, in the order of their dates."""
    one = GroupSession
    statement = (
        select(one.id, one.starts_at, one.programme_id, one.place_name, one.place_address, one.town)
        .where(one.organisation_id == organisation_id)
        .order_by(one.starts_at, one.id)
    )
    return [_Row(row[0], row[1], row[2], tuple(row[3:])) for row in db.session.execute(statement)]


def _animators(organisation_id: int) -> dict[int, set[str]]:
    statement = (
        select(SessionAnimator.group_session_id, Person.id, Person.first_name, Person.last_name)
        .join(Person, Person.id == SessionAnimator.person_id)
        .where(SessionAnimator.organisation_id == organisation_id, Person.erased_at.is_(None))
    )
    names: dict[int, list[str]] = {}
    found: dict[int, set[str]] = defaultdict(set)
    for session_id, person_id, first, last in db.session.execute(statement):
        found[session_id].update(names.setdefault(person_id, words_of(f"{first} {last}")))
    return found


def _told(
    organisation_id: int, rows: Sequence[_Row], every: Sequence[Programme]
) -> Iterator[tuple[_Row, Collection[str]]]:
    """Give each session with the words it is found by: programme, place, who animates, and its date."""
    named = {one.id: _named(one) for one in every}
    animators = _animators(organisation_id)
    places: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        if row.places not in places:
            places[row.places] = [word for part in row.places for word in words_of(part)]
        day = local(row.starts_at)
        dated = (WEEKDAYS[day.weekday()], str(day.day), _MONTHS[day.month - 1], str(day.year))
        yield row, {*named.get(row.programme_id, ()), *places[row.places], *animators.get(row.id, ()), *dated}


def _named(programme: Programme) -> list[str]:
    return words_of(" ".join((programme.name, programme.session_title, programme.singular, programme.plural)))
