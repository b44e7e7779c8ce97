"""The report for word processors: real styles, so that it can be pasted into a larger one."""

from collections.abc import Mapping
from io import BytesIO
from itertools import count
from typing import Any

from docx.document import Document as WordDocument

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import AnnualReport, Audience
from cpts_sessions.reports.exports.columns import table_of
from cpts_sessions.reports.exports.docx_frame import empty_report
from cpts_sessions.reports.exports.docx_table import add_table
from cpts_sessions.reports.exports.docx_words import add_blocks
from cpts_sessions.reports.exports.told import Chapter, Told, told
from cpts_sessions.reports.exports.xml_text import xml_text


def made(report: AnnualReport, audience: Audience, head: Mapping[str, Any]) -> bytes:
    """Return the report as this audience reads it, as DOCX. `head`: see `organisations.letterhead`."""
    contents = told(report, audience)
    document = empty_report(contents, head)
    numbers = count(1)
    _write_opening(document, contents)
    for chapter in contents.chapters:
        _write_chapter(document, chapter, report.year, numbers)
    if contents.annexes:
        document.add_paragraph("Annexes", style="Heading 1")
        for grid in contents.annexes:
            add_table(document, grid, next(numbers))
    if document.tables:
        document.add_paragraph()  # a table is never the last of a document
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _write_opening(document: WordDocument, contents: Told) -> None:
    document.add_paragraph(xml_text(contents.title), style="Title")
    document.add_paragraph(xml_text(contents.organisation), style="Subtitle")
    for sentence in contents.about:
        document.add_paragraph(xml_text(sentence), style="Remarque")
    report = contents.report
    if report.together:
        document.add_paragraph(xml_text(french.held(f"{report.together}.")))
    if report.part_variable:
        document.add_paragraph(xml_text(french.typo(f"Part variable : {report.part_variable}.")))
    _write_notes(document, report.notes)


def _write_chapter(document: WordDocument, chapter: Chapter, year: int, numbers: "count[int]") -> None:
    document.add_paragraph(xml_text(chapter.heading), style="Heading 1")
    if chapter.amount_euros is not None:
        amount = french.typo(f"Part variable : {french.number(chapter.amount_euros)} €")
        document.add_paragraph(amount, style="Remarque").paragraph_format.keep_with_next = True
    add_blocks(document, chapter.text, under=1)
    if chapter.figures:
        add_table(document, table_of(chapter.figures, year), next(numbers))
    for grid in chapter.grids:
        add_table(document, grid, next(numbers))
    _write_notes(document, chapter.notes)


def _write_notes(document: WordDocument, notes: tuple[str, ...]) -> None:
    for note in notes:
        document.add_paragraph(xml_text(french.held(note)), style="Remarque")
