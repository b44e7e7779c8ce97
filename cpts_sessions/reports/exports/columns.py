"""How the columns of a printed table share its width, and how their cells are written; pure."""

from datetime import date as Day

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Cell, Figure, Grid
from cpts_sessions.reports.exports.told import with_a_year_before

NOTHING = "–"
_PER_LINE = 95  # letters that fit in the width of a page
_LONGEST_WORD = 26
_LONGEST_TEXT = 60
_MARGIN = 3
_NARROWEST = 50


def written(cell: Cell) -> str:
    """Return a cell as it is printed: « 4 000 », « 19 mars 2025 », and a dash when there is nothing."""
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, int):
        return french.number(cell)
    if isinstance(cell, Day):
        return french.day(cell)
    return french.punctuate(cell)


def written_total(grid: Grid) -> list[str]:
    """Return the last row as it is printed: what has no sum stays blank; empty without a total."""
    return ["" if cell is None or cell == "" else written(cell) for cell in grid.total]


def are_numbers(grid: Grid) -> tuple[bool, ...]:
    """Say of each column whether it holds numbers: those stand on the right."""
    return tuple(_is_number(_column(grid, index)) for index in range(len(grid.columns)))


def shares(grid: Grid) -> tuple[float, ...]:
    """Return the share of the width of a page that each column takes; they add up to 1 at most.

    Numbers take what they need, and words what is left; a table of few words stays narrow, so that a number is
    near what it counts.
    """
    numbers = are_numbers(grid)
    wanted = [
        _least(grid, index) if is_number else max(_least(grid, index), _most(grid, index))
        for index, is_number in enumerate(numbers)
    ]
    of_words = sum(width for width, is_number in zip(wanted, numbers, strict=True) if not is_number)
    of_numbers = sum(wanted) - of_words
    room = max(sum(wanted), _NARROWEST) - of_numbers
    if room + of_numbers > _PER_LINE and of_numbers < _PER_LINE / 2:
        room = _PER_LINE - of_numbers
    stretch = room / of_words if of_words else 1
    widths = [width if is_number else width * stretch for width, is_number in zip(wanted, numbers, strict=True)]
    total = max(sum(widths), _PER_LINE)
    return tuple(width / total for width in widths)


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
    return min(max(map(len, map(written, _column(grid, index))), default=0), _LONGEST_TEXT) + _MARGIN
