"""The tables of one part of the season, as the report shows them: no name of a person, no address; pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date as Day
from datetime import time

from cpts_sessions.core.clock import local
from cpts_sessions.reports import listings
from cpts_sessions.reports.annual.contents import Audience, Cell, Grid
from cpts_sessions.reports.annual.published import few_came, is_few
from cpts_sessions.reports.indicators import Counting
from cpts_sessions.reports.listings import Table
from cpts_sessions.reports.queries import SessionRow
from cpts_sessions.reports.season import Part, SeasonReport

_SESSIONS = ("Jour", "Dispositif", "État", "Présences")


def of_part(report: SeasonReport, part: Part, prefix: str = "", of_what: str = "") -> tuple[Grid, ...]:
    """Return the tables of a part: its people by profession, exact and published, then its dates.

    Args:
        report: the count.
        part: one of its parts.
        prefix: how their keys begin, on a page that others share.
        of_what: what their titles add, on such a page.
    """
    title, key = f"Participants par profession{of_what}", f"{prefix}professions"
    grids = (
        _grid(key, title, listings.professions(part), Audience.CPAM),
        _grid(key, title, listings.public_professions(part), Audience.PUBLIC),
        *sessions(report, part.counting, f"{prefix}seances", f"Séances{of_what}"),
    )
    return tuple(grid for grid in grids if grid.rows)


def sessions(report: SeasonReport, counting: Counting, key: str, title: str) -> tuple[Grid, ...]:
    """Return the dates of a count, the earliest first, with how many came to those that were held and noted.

    What is published does not say how many came to each as soon as one or two did, or came in all.
    """
    came = Counter(session_id for attended in counting.presences.values() for session_id in attended)
    for tally in counting.tallies:
        came[tally.group_session_id] += tally.people
    dates = counting.dates
    noted = {one.id for one in dates.held if came[one.id] or one not in dates.unclosed}
    rows = tuple(
        (day, report.programmes[one.programme_id], state, came[one.id] if one.id in noted else None)
        for one, day, state in dated(counting)
    )
    total: tuple[Cell, ...] = ("Total", None, None, counting.attendances) if len(dates.held) > 1 else ()
    if not few_came(counting) and not any(is_few(came[one]) for one in noted):
        return (Grid(key, title, _SESSIONS, rows, total=total),)
    return (
        Grid(key, title, _SESSIONS, rows, Audience.CPAM, total=total),
        Grid(key, title, _SESSIONS[:-1], tuple(row[:-1] for row in rows), Audience.PUBLIC),
    )


def dated(counting: Counting) -> list[tuple[SessionRow, Day, str]]:
    """Return the dates of a count, the earliest first: each with its day and where it stands, in a word."""
    dates = counting.dates
    states = (
        (dates.held, "tenue"),
        (dates.planned, "prévue"),
        (dates.discovery, "découverte, non comptée"),
        (dates.cancelled, "annulée"),
    )
    told = [(one, local(one.starts_at).date(), state) for some, state in states for one in some]
    return sorted(told, key=lambda row: (row[0].starts_at, row[0].id))


def _grid(key: str, title: str, table: Table, audience: Audience) -> Grid:
    rows = [tuple(cell for cell in row.cells if not isinstance(cell, time)) for row in table.rows]
    columns = tuple(column.title for column in table.columns)
    return Grid(key, title, columns, tuple(rows), audience, table.about, _total(rows))


def _total(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The last row of a table whose first column is words and whose others are counts; none of a single line."""
    if len(rows) < 2:
        return ()
    counts = [[cell for cell in column if isinstance(cell, int)] for column in zip(*rows, strict=True)]
    return ("Total", *(sum(column) for column in counts[1:]))
