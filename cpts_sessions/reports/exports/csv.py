"""The report as one table: a line for each sentence, each figure and each cell of each table.

One rectangle, so that a spreadsheet filters it and makes a pivot table of it: UTF-8 with its mark, semicolons, as a
French Excel opens it at a double click; days as 2025-12-20. A cell that a spreadsheet would compute begins with an
apostrophe.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date as Day
from io import StringIO

from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Cell, Grid
from cpts_sessions.reports.exports.told import Chapter, Told, told

COLUMNS = ("page", "rubrique", "numero", "ligne", "colonne", "valeur")
_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Line = tuple[Cell, ...]


def made(report: AnnualReport, audience: Audience) -> bytes:
    """Return the report as this audience reads it, as CSV."""
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in line] for line in _lines(told(report, audience)))
    return stream.getvalue().encode("utf-8-sig", errors="replace")


def _lines(contents: Told) -> Iterator[Line]:
    report = contents.report
    opening = (contents.title, contents.organisation, *contents.about, *report.notes)
    yield from _numbered("Rapport", "À savoir", [("", words) for words in opening])
    sums = (("Ensemble", report.together), ("Part variable", report.part_variable))
    yield from _numbered("Rapport", "Phrases", [(label, words) for label, words in sums if words])
    for chapter in contents.chapters:
        yield from _chapter(chapter, report.year)
    for grid in contents.annexes:
        yield from _cells("Annexes", grid)


def _chapter(chapter: Chapter, year: int) -> Iterator[Line]:
    page = chapter.heading
    if chapter.amount_euros is not None:
        yield page, "Part variable", 1, "Montant en euros", str(year), chapter.amount_euros
    yield from _numbered(page, "Phrases", [(one.label, one.text) for one in chapter.sentences])
    for number, figure in enumerate(chapter.figures, start=1):
        for of_year, value in ((year, figure.value), (year - 1, figure.previous)):
            if value is not None:
                yield page, "Chiffres", number, figure.label, str(of_year), value
    yield from _numbered(page, "Texte", [("", block.text) for block in chapter.text])
    for grid in chapter.grids:
        yield from _cells(page, grid)
    yield from _numbered(page, "À savoir", [("", note) for note in chapter.notes])


def _numbered(page: str, part: str, words: Sequence[tuple[str, str]]) -> Iterator[Line]:
    for number, (label, text) in enumerate(words, start=1):
        yield page, part, number, label, "", text


def _cells(page: str, grid: Grid) -> Iterator[Line]:
    """Each line of a table is called by its first cell, and by its number when two are called alike."""
    rows = [*grid.rows, *([grid.total] if grid.total else [])]
    for number, row in enumerate(rows, start=1):
        for column, cell in zip(grid.columns[1:], row[1:], strict=True):
            if cell is not None:
                yield page, grid.title, number, row[0], column, cell


def _harmless(cell: Cell) -> str:
    """A cell as text; what begins as a formula is kept from being one."""
    if isinstance(cell, Day):
        return cell.isoformat()
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    text = cell.replace("\x00", "")
    return f"'{text}" if text.startswith(_COMPUTED) else text
