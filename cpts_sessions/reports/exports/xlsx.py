"""The report as a workbook: what it holds first, then one sheet per table. Nothing in it is ever a formula."""

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from cpts_sessions.core import french
from cpts_sessions.core.clock import local, now
from cpts_sessions.reports.annual.contents import AnnualReport, Audience
from cpts_sessions.reports.exports.sheets import Sheet, sheets
from cpts_sessions.reports.exports.told import Told, told
from cpts_sessions.reports.exports.worksheet import OPTIONS, Looks, looks_of, write_known, write_row, write_table
from cpts_sessions.reports.exports.xml_text import LONGEST_PROPERTY, xml_text

_FIRST = "Lisez-moi"
_FIRST_WIDTHS = (34, 100)


def made(report: AnnualReport, audience: Audience) -> bytes:
    """Return the report as this audience reads it, as a workbook."""
    contents = told(report, audience)
    stream = BytesIO()
    with Workbook(stream, OPTIONS) as book:
        book.set_properties(
            {
                "title": xml_text(contents.title),
                "subject": contents.for_whom,
                "author": xml_text(contents.organisation)[:LONGEST_PROPERTY],
                "created": local(now()).replace(tzinfo=None),
            }
        )
        looks = looks_of(book)
        first = book.add_worksheet(_FIRST)
        listed = sheets(contents)
        for one in listed:
            write_table(book.add_worksheet(one.name), looks, one.columns, one.rows, one.total)
        _write_first(first, contents, listed, looks)
    return stream.getvalue()


def _write_first(sheet: Worksheet, contents: Told, listed: Sequence[Sheet], looks: Looks) -> None:
    """What this workbook is, whom it is for, and what each of its sheets holds."""
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
    start = write_known(sheet, looks, lines, _FIRST_WIDTHS) + 1
    sheet.fit_to_pages(1, 1)
    write_row(sheet, looks, start, ("Feuille", "Ce qu’elle contient"), _FIRST_WIDTHS, looks.title)
    for line, one in enumerate(listed, start=start + 1):
        about = french.punctuate(" ".join(filter(None, [f"{one.title}.", one.about])))
        write_row(sheet, looks, line, (one.name, about), _FIRST_WIDTHS)
        sheet.write_url(line, 0, f"internal:'{one.name.replace(chr(39), chr(39) * 2)}'!A1", looks.link, one.name)
