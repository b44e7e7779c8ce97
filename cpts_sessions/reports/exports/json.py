"""The report for other programs: the names of its keys stay, `version` grows when they change.

What to publish holds no exact count of a few people: each sentence is said once, as its audience reads it.
"""

import json
from datetime import date as Day
from typing import Any

from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Cell, Figure, Grid
from cpts_sessions.reports.annual.markdown import Block
from cpts_sessions.reports.exports.told import Chapter, Told, told

VERSION = 1


def made(report: AnnualReport, audience: Audience) -> bytes:
    """Return the report as this audience reads it, as JSON in UTF-8; its keys: `docs/rapport-fichiers.md`."""
    written = json.dumps(_document(told(report, audience)), ensure_ascii=False, indent=2)
    return f"{written}\n".encode("utf-8", errors="replace")


def _document(contents: Told) -> dict[str, Any]:
    report, public = contents.report, contents.audience is Audience.PUBLIC
    freezing = report.freezing
    return {
        "version": VERSION,
        "audience": contents.audience.value,
        "organisation": report.organisation,
        "year": report.year,
        "as_of": report.as_of.isoformat(),
        "frozen": (
            None if freezing is None else {"at": freezing.at.isoformat(), "by": None if public else freezing.by}
        ),
        "together": report.together or None,
        "part_variable": report.part_variable or None,
        "notes": list(report.notes),
        "pages": [_page(chapter) for chapter in contents.chapters],
        "annexes": [_table(grid) for grid in contents.annexes],
    }


def _page(chapter: Chapter) -> dict[str, Any]:
    return {
        "key": chapter.key,
        "heading": chapter.heading,
        "amount_euros": chapter.amount_euros,
        "text": [_block(block) for block in chapter.text],
        "sentences": [{"key": one.key, "label": one.label, "sentence": one.text} for one in chapter.sentences],
        "figures": [_figure(one) for one in chapter.figures],
        "tables": [_table(grid) for grid in chapter.grids],
        "notes": list(chapter.notes),
    }


def _block(block: Block) -> dict[str, Any]:
    """The words of a paragraph, of a heading; those of each item of a list."""
    said = ["".join(run.text for run in one) for one in (block.items or (block.runs,))]
    return {"kind": block.kind, "level": block.level or None, "said": said}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.key,
        "label": figure.label,
        "value": figure.value,
        "previous": figure.previous,
        "sentence": figure.sentence,
    }


def _table(grid: Grid) -> dict[str, Any]:
    return {
        "key": grid.key,
        "title": grid.title,
        "about": grid.about or None,
        "columns": list(grid.columns),
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
        "total": [_cell(cell) for cell in grid.total] or None,
    }


def _cell(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, Day) else cell
