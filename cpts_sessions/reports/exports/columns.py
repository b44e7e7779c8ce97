"""How the columns of a printed table share its width, and how their cells are written; pure."""

from datetime import date as Day
from math import ceil

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Cell, Figure, Grid
from cpts_sessions.reports.exports.told import with_a_year_before

NOTHING = "–"
_PER_LINE = 95  # letters that fit in the width of a page
_LONGEST_WORD = 26
_LONGEST_TEXT = 60
_MARGIN = 3
_NARROWEST = 50
_SHORT_TEXT = 25
_FEW = 14  # lines


def written(cell: Cell) -> str:
    """Return a cell as it is printed: « 4 000 », « 19 mars 2025 », and a dash when there is nothing."""
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, int):
        return french.number(cell)
    if isinstance(cell, Day):
        return french.day(cell)
    return french.held(cell)


def written_total(grid: Grid) -> list[str]:
    """Return the last row as it is printed: what has no sum stays blank; empty without a total."""
    return ["" if cell is None or cell == "" else written(cell) for cell in grid.total]


def are_numbers(grid: Grid) -> tuple[bool, ...]:
    """Say of each column whether it holds numbers: those stand on the right."""
    return tuple(_is_number(_column(grid, index)) for index in range(len(grid.columns)))


def shares(grid: Grid) -> tuple[float, ...]:
    """Return the share of the width of a page that each column takes; they add up to 1 at most.

    Numbers, days and short words take what they need, on one line; long texts share what is left. A table of few
    words stays narrow, so that a number is near what it counts.
    """
    numbers = are_numbers(grid)
    wanted = [_least(grid, index) if numbers[index] else _most(grid, index) for index in range(len(numbers))]
    if sum(wanted) <= _PER_LINE:
        return _stretched(wanted, numbers)
    is_long = [width > _SHORT_TEXT and not number for width, number in zip(wanted, numbers, strict=True)]
    of_short = sum(width for width, long in zip(wanted, is_long, strict=True) if not long)
    of_long = sum(wanted) - of_short
    if of_long and of_short < _PER_LINE / 2:
        left = (_PER_LINE - of_short) / of_long
        return tuple((width * left if long else width) / _PER_LINE for width, long in zip(wanted, is_long, strict=True))
    return tuple(width / sum(wanted) for width in wanted)


def is_short(grid: Grid) -> bool:
    """Whether a table takes so few lines that it had better not be cut by the end of a page."""
    widths = [max(share * _PER_LINE - _MARGIN, 1) for share in shares(grid)]
    rows = [[written(cell) for cell in row] for row in grid.rows]
    return sum(max(ceil(len(text) / width) for text, width in zip(row, widths, strict=True)) for row in rows) <= _FEW


def _stretched(wanted: list[int], numbers: tuple[bool, ...]) -> tuple[float, ...]:
    """Give the columns of words what lacks for a table of a decent width."""
    of_words = sum(width for width, number in zip(wanted, numbers, strict=True) if not number)
    lacking = max(_NARROWEST - sum(wanted), 0)
    stretch = 1 + lacking / of_words if of_words else 1
    return tuple(
        (width if number else width * stretch) / _PER_LINE for width, number in zip(wanted, numbers, strict=True)
    )


def table_of(figures: tuple[Figure, ...], year: int) -> Grid:
    """Return the figures of a page as a table, with the year before when anything is known of it."""
    before = with_a_year_before(figures)
    return Grid(
        key="chiffres",
        title="Les chiffres",
        columns=("Ce qui est compté", str(year), *([str(year - 1)] if before else [])),
        rows=tuple((one.label, one.value, *([one.previous] if before else [])) for one in figures),
    )


def _column(grid: Grid, index: int) -> list[Cell]:
    rows = [*grid.rows, grid.total] if grid.total else grid.rows
    return [row[index] for row in rows]


def _is_number(cells: list[Cell]) -> bool:
    known = [cell for cell in cells if cell is not None and cell != ""]
    return bool(known) and all(isinstance(cell, int) for cell in known)


def _least(grid: Grid, index: int) -> int:
    """The longest word of a column, so that none is cut."""
    texts = [grid.columns[index], *map(written, _column(grid, index))]
    return min(max(len(word) for text in texts for word in text.split(" ")), _LONGEST_WORD) + _MARGIN


def _most(grid: Grid, index: int) -> int:
    longest = max(map(len, map(written, _column(grid, index))), default=0)
    return max(_least(grid, index), min(longest, _LONGEST_TEXT) + _MARGIN)
