"""A table as an XLSX workbook: typed columns, titles frozen, filters. Nothing in it is ever a formula."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cpts_sessions.core.clock import local, now
from cpts_sessions.reports.listings import Cell, Kind, Table

_WIDTHS = {Kind.TEXT: 28, Kind.COUNT: 19, Kind.DAY: 14, Kind.HOUR: 10}
_LOOKS = {Kind.TEXT: "@", Kind.COUNT: "#,##0", Kind.DAY: "dd/mm/yyyy", Kind.HOUR: "hh:mm"}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def workbook(table: Table, notes: Sequence[tuple[str, str]]) -> bytes:
    """Return a workbook of two sheets: the table, and what the reader must know of it, as pairs of words."""
    stream = BytesIO()
    with Workbook(stream, _OPTIONS) as book:
        book.set_properties({"title": table.title, "created": local(now()).replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        _write_table(book.add_worksheet("Tableau"), table, bold, _formats(book))
        _write_notes(book.add_worksheet("À lire"), notes, bold)
    return stream.getvalue()


def _formats(book: Workbook) -> dict[Kind, Format]:
    return {kind: book.add_format({"num_format": look, "valign": "top"}) for kind, look in _LOOKS.items()}


def _write_table(sheet: Worksheet, table: Table, bold: Format, formats: dict[Kind, Format]) -> None:
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, _WIDTHS[column.kind], formats[column.kind])
        sheet.write_string(0, index, column.title, bold)
    for line, row in enumerate(table.rows, start=1):
        for index, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            _write(sheet, line, index, cell, formats[column.kind])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Worksheet, line: int, index: int, cell: Cell, look: Format) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, index, cell, look)
    elif isinstance(cell, (date, time, datetime)):
        sheet.write_datetime(line, index, cell, look)
    elif cell is not None:
        sheet.write_number(line, index, cell, look)


def _write_notes(sheet: Worksheet, notes: Sequence[tuple[str, str]], bold: Format) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for line, (term, text) in enumerate(notes):
        sheet.write_string(line, 0, term, bold)
        sheet.write_string(line, 1, text)
