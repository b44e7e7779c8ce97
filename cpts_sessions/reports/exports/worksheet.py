"""One sheet of a workbook, made to be read: titles that stay, filters, rows as high as their words.

Nothing in it is ever a formula nor a link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cpts_sessions.core import french
from cpts_sessions.reports.exports.xml_text import xml_text

#: How a workbook is opened, so that what is typed stays as typed.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_NARROWEST, _WIDEST = 10, 55
_LINE_POINTS, _ROW_POINTS, _HIGHEST = 15, 18, 409
_MOST_LETTERS = 32_767  # in a cell

Cell = str | int | date | time | None


@dataclass(frozen=True)
class Looks:
    """How cells are shown."""

    title: Format
    text: Format
    number: Format
    day: Format
    hour: Format
    bold: Format
    bold_number: Format
    link: Format


def looks_of(book: Workbook) -> Looks:
    """Return how the cells of a workbook are shown."""
    line = {"valign": "vcenter", "align": "left", "indent": 1, "bottom": 1, "bottom_color": "#E3DCD0"}
    wrapped = {**line, "text_wrap": True}
    numbers = {**line, "num_format": "#,##0", "align": "right"}
    return Looks(
        title=book.add_format({**wrapped, "bold": True, "bottom_color": "#11645B", "bg_color": "#EFEAE2"}),
        text=book.add_format({**wrapped, "num_format": "@"}),
        number=book.add_format(numbers),
        day=book.add_format({**line, "num_format": "dd/mm/yyyy"}),
        hour=book.add_format({**line, "num_format": "hh:mm"}),
        bold=book.add_format({**wrapped, "bold": True}),
        bold_number=book.add_format({**numbers, "bold": True}),
        link=book.add_format({**line, "font_color": "#0B5A8A", "underline": 1}),
    )


def write_table(
    sheet: Worksheet,
    looks: Looks,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    total: Sequence[Cell] = (),
) -> None:
    """The titles on the first row, frozen, with filters; a total stays out of the filters."""
    told = [columns, *rows, *([total] if total else [])]
    widths = [_width([row[index] for row in told]) for index in range(len(columns))]
    set_paper(sheet, widths)
    write_row(sheet, looks, 0, columns, widths, looks.title)
    for line, row in enumerate(rows, start=1):
        write_row(sheet, looks, line, row, widths)
    if total:
        write_row(sheet, looks, len(rows) + 1, total, widths, looks.bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.repeat_rows(0)


def set_paper(sheet: Worksheet, widths: Sequence[int]) -> None:
    """The widths of the columns, in letters, on A4 on its side, as wide as the sheet."""
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write_row(
    sheet: Worksheet,
    looks: Looks,
    line: int,
    cells: Sequence[Cell],
    widths: Sequence[int],
    words: Format | None = None,
) -> None:
    """Write a row as high as its longest text needs: not every office program looks. `words`: how its words look."""
    for index, cell in enumerate(cells):
        _write(sheet, looks, line, index, cell, words or looks.text)
    lines = max(_lines(_shown(one), width - 3) for one, width in zip(cells, widths, strict=True))
    sheet.set_row(line, min(_LINE_POINTS * lines + _ROW_POINTS - _LINE_POINTS, _HIGHEST))


def write_known(sheet: Worksheet, looks: Looks, known: Sequence[tuple[str, str]], widths: tuple[int, int]) -> int:
    """Write what the reader must know, pairs of words from the first row on; return the row that follows."""
    set_paper(sheet, widths)
    said = [(term, words) for term, words in known if words]
    for line, (term, words) in enumerate(said):
        write_row(sheet, looks, line, (term, french.punctuate(words)), widths)
        _write(sheet, looks, line, 0, term, looks.bold)
    return len(said)


def _width(cells: Sequence[Cell]) -> int:
    return max(_NARROWEST, min(_WIDEST, max(len(_shown(one)) for one in cells) + 5))  # room for the button of a filter


def _lines(text: str, width: int) -> int:
    return sum(max(ceil(len(line) / width), 1) for line in text.split("\n"))


def _shown(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell if cell is not None else "")


def _write(sheet: Worksheet, looks: Looks, line: int, index: int, cell: Cell, words: Format) -> None:
    match cell:
        case str():
            sheet.write_string(line, index, xml_text(cell)[:_MOST_LETTERS], words)
        case date():
            sheet.write_datetime(line, index, cell, looks.day)
        case time():
            sheet.write_datetime(line, index, cell, looks.hour)
        case None:
            sheet.write_blank(line, index, None, words)
        case _:
            sheet.write_number(line, index, cell, looks.bold_number if words is looks.bold else looks.number)
