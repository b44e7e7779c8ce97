"""The report as PDF: tagged, for whoever reads it aloud, prints it or keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cpts_sessions.core import french
from cpts_sessions.documents import pdf
from cpts_sessions.reports.annual.contents import AnnualReport, Audience, Grid
from cpts_sessions.reports.annual.markdown import Block, Run
from cpts_sessions.reports.exports.columns import are_numbers, is_short, shares, table_of, written, written_total
from cpts_sessions.reports.exports.told import Chapter, told


def made(report: AnnualReport, audience: Audience, head: Mapping[str, Any]) -> bytes:
    """Return the report as this audience reads it, as PDF/UA-1. `head`: see `organisations.letterhead`."""
    contents = told(report, audience)
    part = [french.typo(f"Part variable : {report.part_variable}.")] if report.part_variable else []
    return pdf.compile(
        "report",
        {
            "head": dict(head),
            "title": contents.title,
            "foot": f"{contents.title} · {contents.for_whom}",
            "about": [*contents.about, *map(french.held, report.notes)],
            "opening": [*([french.held(f"{contents.report.together}.")] if contents.report.together else []), *part],
            "chapters": [_chapter(chapter, report.year) for chapter in contents.chapters],
            "annexes": [_table(grid) for grid in contents.annexes],
        },
    )


def _chapter(chapter: Chapter, year: int) -> dict[str, Any]:
    euros = chapter.amount_euros
    figures = [table_of(chapter.figures, year)] if chapter.figures else []
    return {
        "heading": chapter.heading,
        "amount": "" if euros is None else french.typo(f"Part variable : {french.number(euros)} €"),
        "text": [_block(block) for block in chapter.text],
        "tables": [_table(grid) for grid in (*figures, *chapter.grids)],
        "notes": [french.held(note) for note in chapter.notes],
    }


def _block(block: Block) -> dict[str, Any]:
    items = block.items or (block.runs,)
    return {"kind": block.kind, "level": block.level, "start": block.start, "items": [_runs(one) for one in items]}


def _runs(runs: Sequence[Run]) -> list[dict[str, Any]]:
    return [asdict(run) for run in runs]


def _table(grid: Grid) -> dict[str, Any]:
    return {
        "title": french.typo(grid.title),
        "about": french.held(grid.about),
        "columns": list(grid.columns),
        "numbers": list(are_numbers(grid)),
        "whole": is_short(grid),
        "shares": list(shares(grid)),
        "rows": [[written(cell) for cell in row] for row in grid.rows],
        "total": written_total(grid),
    }
