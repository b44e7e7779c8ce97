"""A table as an XLSX workbook: typed columns, titles frozen, filters. Nothing in it is ever a formula."""

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook

from cpts_sessions.core.clock import local, now
from cpts_sessions.reports.exports.worksheet import OPTIONS, looks_of, write_known, write_table
from cpts_sessions.reports.listings import Table


def workbook(table: Table, notes: Sequence[tuple[str, str]]) -> bytes:
    """Return a workbook of two sheets: the table, and what the reader must know of it, as pairs of words."""
    stream = BytesIO()
    with Workbook(stream, OPTIONS) as book:
        book.set_properties({"title": table.title, "created": local(now()).replace(tzinfo=None)})
        looks = looks_of(book)
        columns = [column.title for column in table.columns]
        write_table(book.add_worksheet("Tableau"), looks, columns, [row.cells for row in table.rows])
        write_known(book.add_worksheet("À lire"), looks, notes, (24, 90))
    return stream.getvalue()
