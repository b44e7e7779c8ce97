"""The year in small pictures: its figures beside those of the year before, by month and by profession."""

from dataclasses import dataclass
from datetime import date as Day

from cpts_sessions.core.clock import today
from cpts_sessions.reports import queries
from cpts_sessions.reports.by_profession import ProfessionLine, profession_lines
from cpts_sessions.reports.genders import chosen_genders
from cpts_sessions.reports.indicators import Counting, cut
from cpts_sessions.reports.season import count_of
from cpts_sessions.reports.sentences.grammar import percent

#: How many professions a chart names; the others are one bar.
MOST_NAMED = 6


@dataclass(frozen=True)
class Pictures:
    """The count of one year, of a programme or of all but the trainings, and that of the year before.

    `key` is that of the part whose rows are counted, empty for every programme. `before` is None when nothing took
    place then; `before_day` is the day it is counted at while the year runs, None for whole years.
    """

    year: int
    key: str
    counting: Counting
    professions: tuple[ProfessionLine, ...]
    before: Counting | None
    before_day: Day | None

    @property
    def is_running(self) -> bool:
        """Whether the year is the one of today."""
        return self.year == today().year

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: nobody, and no session held."""
        return not (self.counting.enrolled or self.counting.dates.held)

    @property
    def months(self) -> tuple[int, ...]:
        """Présences cumulées month by month: until this one while the year runs."""
        return self.counting.by_month[: today().month if self.is_running else 12]

    @property
    def letters(self) -> list[tuple[str, int]]:
        """The months under their first letters."""
        return list(zip("JFMAMJJASOND", self.months, strict=False))

    @property
    def bars(self) -> list[tuple[str, int]]:
        """Inscrits distincts by profession, the most numerous first; the smallest ones together."""
        lines = [(one.name, one.count) for one in self.by_size]
        if len(lines) <= MOST_NAMED + 1:
            return lines
        rest = lines[MOST_NAMED:]
        return [*lines[:MOST_NAMED], (f"{len(rest)} autres professions", sum(count for _, count in rest))]

    @property
    def by_size(self) -> list[ProfessionLine]:
        """The lines by profession, the most numerous first."""
        return sorted(self.professions, key=lambda line: -line.count)


def occupation(counting: Counting) -> int | None:
    """Return the places somebody came to, in per cent of those of the sessions held; None without any."""
    return percent(min(counting.places_taken, counting.places), counting.places) if counting.places else None


def pictures(organisation_id: int, year: int, programme_id: int | None = None) -> Pictures:
    """Count a year and the one before, at the same date while the year runs."""
    rows, rows_before = (queries.season_rows(organisation_id, one) for one in (year, year - 1))
    key, counting = count_of(rows, programme_id, cut(None))
    day = _same_day_before(today()) if year == today().year else None
    _, before = count_of(rows_before, programme_id, cut(day))
    was = before.enrolled or before.dates.held
    return Pictures(
        year=year,
        key=key,
        counting=counting,
        professions=profession_lines(counting, rows.professions, chosen_genders(organisation_id, year)),
        before=before if was else None,
        before_day=day,
    )


def _same_day_before(day: Day) -> Day:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
