"""The report as a workbook: what it holds first, then one sheet per table. Nothing in it is ever a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now
from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Cell
from cpts_sessions.reports.exports.sheets import Sheet, sheets
from cpts_sessions.reports.exports.told import Told, told
from cpts_sessions.reports.exports.xml_text import LONGEST_PROPERTY, xml_text

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_FIRST = "Lisez-moi"
_NARROWEST, _WIDEST = 10, 70
_LINE_POINTS, _ROW_POINTS, _HIGHEST = 15, 18, 409
_MOST_LETTERS = 32_767  # in a cell


@dataclass(frozen=True)
class _Looks:
    """How cells are shown."""

    title: Format
    text: Format
    number: Format
    day: Format
    bold: Format
    bold_number: Format
    link: Format


def made(report: AnnualReport, audience: Audience) -> bytes:
    """Return the report as this audience reads it, as a workbook."""
    contents = told(report, audience)
    stream = BytesIO()
    with Workbook(stream, _OPTIONS) as book:
        book.set_properties(
            {
                "title": xml_text(contents.title),
                "subject": contents.for_whom,
                "author": xml_text(contents.organisation)[:LONGEST_PROPERTY],
                "created": local(now()).replace(tzinfo=None),
            }
        )
        looks = _looks(book)
        first = book.add_worksheet(_FIRST)
        listed = sheets(contents)
        for one in listed:
            _write_sheet(book.add_worksheet(one.name), one, looks)
        _write_first(first, contents, listed, looks)
    return stream.getvalue()


def _looks(book: Workbook) -> _Looks:
    line = {"valign": "vcenter", "align": "left", "indent": 1, "bottom": 1, "bottom_color": "#E3DCD0"}
    wrapped = {**line, "text_wrap": True}
    numbers = {**line, "num_format": "#,##0", "align": "right"}
    return _Looks(
        title=book.add_format({**wrapped, "bold": True, "bottom_color": "#11645B", "bg_color": "#EFEAE2"}),
        text=book.add_format({**wrapped, "num_format": "@"}),
        number=book.add_format(numbers),
        day=book.add_format({**line, "num_format": "dd/mm/yyyy"}),
        bold=book.add_format({**wrapped, "bold": True}),
        bold_number=book.add_format({**numbers, "bold": True}),
        link=book.add_format({**line, "font_color": "#0B5A8A", "underline": 1}),
    )


def _write_sheet(sheet: Worksheet, one: Sheet, looks: _Looks) -> None:
    """The titles on the first row, frozen, with filters; a total stays out of the filters."""
    last = len(one.columns) - 1
    widths = [_width(one, index) for index in range(len(one.columns))]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    _write_row(sheet, 0, one.columns, widths, looks.title, looks)
    for line, row in enumerate(one.rows, start=1):
        _write_row(sheet, line, row, widths, looks.text, looks)
    if one.total:
        _write_row(sheet, len(one.rows) + 1, one.total, widths, looks.bold, looks)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(one.rows), 1), last)
    sheet.repeat_rows(0)
    _set_paper(sheet)


def _set_paper(sheet: Worksheet) -> None:
    """A4 on its side, as wide as the sheet."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_row(
    sheet: Worksheet, line: int, cells: Sequence[Cell], widths: Sequence[int], words: Format, looks: _Looks
) -> None:
    """As high as its longest text needs: not every office program looks."""
    for index, cell in enumerate(cells):
        _write(sheet, line, index, cell, words, looks)
    lines = max(_lines(_shown(one), width - 3) for one, width in zip(cells, widths, strict=True))
    sheet.set_row(line, min(_LINE_POINTS * lines + _ROW_POINTS - _LINE_POINTS, _HIGHEST))


def _lines(text: str, width: int) -> int:
    return sum(max(ceil(len(line) / width), 1) for line in text.split("\n"))


def _width(one: Sheet, index: int) -> int:
    cells = [one.columns[index], *(_shown(row[index]) for row in (*one.rows, *([one.total] if one.total else [])))]
    return max(_NARROWEST, min(_WIDEST, max(map(len, cells)) + 5))  # room for the button of a filter


def _shown(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, Day) else str(cell if cell is not None else "")


def _write(sheet: Worksheet, line: int, index: int, cell: Cell, words: Format, looks: _Looks) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, index, xml_text(cell)[:_MOST_LETTERS], words)
    elif isinstance(cell, Day):
        sheet.write_datetime(line, index, cell, looks.day)
    elif cell is None:
        sheet.write_blank(line, index, None, words)
    else:
        sheet.write_number(line, index, cell, looks.bold_number if words is looks.bold else looks.number)


def _write_first(sheet: Worksheet, contents: Told, listed: Sequence[Sheet], looks: _Looks) -> None:
    """What this workbook is, whom it is for, and what each of its sheets holds."""
    widths = (34, 100)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    _set_paper(sheet)
    sheet.fit_to_pages(1, 1)
    report = contents.report
    lines = [
        ("Ce classeur", contents.title),
        ("CPTS", contents.organisation),
        ("Pour qui", contents.for_whom),
        *(("À savoir", sentence) for sentence in (*contents.about, *report.notes)),
        *([("Ensemble", report.together)] if report.together else []),
        *([("Part variable", report.part_variable)] if report.part_variable else []),
        *((chapter.heading, note) for chapter in contents.chapters for note in chapter.notes),
    ]
    for line, (term, words) in enumerate(lines):
        _write_row(sheet, line, (term, french.punctuate(words)), widths, looks.text, looks)
        _write(sheet, line, 0, term, looks.bold, looks)
    start = len(lines) + 1
    _write_row(sheet, start, ("Feuille", "Ce qu’elle contient"), widths, looks.title, looks)
    for line, one in enumerate(listed, start=start + 1):
        about = french.punctuate(" ".join(filter(None, [f"{one.title}.", one.about])))
        _write_row(sheet, line, (one.name, about), widths, looks.text, looks)
        sheet.write_url(line, 0, f"internal:'{one.name.replace(chr(39), chr(39) * 2)}'!A1", looks.link, one.name)
