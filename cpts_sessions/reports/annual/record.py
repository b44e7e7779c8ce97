"""A report as values of JSON and back, exactly: what a frozen copy keeps; pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from cpts_sessions.reports.annual.contents import (
    AnnualReport,
    Audience,
    Cell,
    Field,
    Figure,
    Freezing,
    Grid,
    Page,
    Text,
)

VERSION: Final = 1
_DAY: Final = "jour"


def to_record(report: AnnualReport) -> dict[str, Any]:
    """Return a report as values of JSON; `from_record` gives it back."""
    return {
        "version": VERSION,
        "organisation": report.organisation,
        "year": report.year,
        "as_of": report.as_of.isoformat(),
        "pages": [_page(page) for page in report.pages],
        "together": report.together,
        "part_variable": report.part_variable,
        "annexes": [_grid(grid) for grid in report.annexes],
        "notes": list(report.notes),
        "freezing": {"at": report.freezing.at.isoformat(), "by": report.freezing.by} if report.freezing else None,
    }


def from_record(record: Mapping[str, Any]) -> AnnualReport:
    """Return the report that these values hold.

    Raises:
        ValueError: they are of a version that this application does not know.
    """
    if record.get("version") != VERSION:
        raise ValueError(f"a report of version {record.get('version')!r}")
    freezing = record["freezing"]
    return AnnualReport(
        organisation=record["organisation"],
        year=record["year"],
        as_of=date.fromisoformat(record["as_of"]),
        pages=tuple(_read_page(page) for page in record["pages"]),
        together=record["together"],
        part_variable=record["part_variable"],
        annexes=tuple(_read_grid(grid) for grid in record["annexes"]),
        notes=tuple(record["notes"]),
        freezing=Freezing(datetime.fromisoformat(freezing["at"]), freezing["by"]) if freezing else None,
    )


def _page(page: Page) -> dict[str, Any]:
    return {
        "key": page.key,
        "title": page.title,
        "amount_euros": page.amount_euros,
        "fields": [vars(one) for one in page.fields],
        "figures": [vars(one) for one in page.figures],
        "grids": [_grid(one) for one in page.grids],
        "notes": list(page.notes),
        "proposed": page.proposed,
        "text": {
            "markdown": page.text.markdown,
            "written_by": page.text.written_by,
            "written_at": page.text.written_at.isoformat() if page.text.written_at else None,
        },
    }


def _read_page(page: Mapping[str, Any]) -> Page:
    text = page["text"]
    written_at = datetime.fromisoformat(text["written_at"]) if text["written_at"] else None
    return Page(
        key=page["key"],
        title=page["title"],
        amount_euros=page["amount_euros"],
        fields=tuple(Field(**one) for one in page["fields"]),
        figures=tuple(Figure(**one) for one in page["figures"]),
        grids=tuple(_read_grid(one) for one in page["grids"]),
        notes=tuple(page["notes"]),
        proposed=page["proposed"],
        text=Text(text["markdown"], text["written_by"], written_at),
    )


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "key": grid.key,
        "title": grid.title,
        "columns": list(grid.columns),
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
        "audience": grid.audience.value if grid.audience else None,
        "about": grid.about,
        "total": [_cell(cell) for cell in grid.total],
    }


def _read_grid(grid: Mapping[str, Any]) -> Grid:
    return Grid(
        key=grid["key"],
        title=grid["title"],
        columns=tuple(grid["columns"]),
        rows=tuple(tuple(_read_cell(cell) for cell in row) for row in grid["rows"]),
        audience=Audience(grid["audience"]) if grid["audience"] else None,
        about=grid["about"],
        total=tuple(_read_cell(cell) for cell in grid["total"]),
    )


def _cell(cell: Cell) -> Any:
    return {_DAY: cell.isoformat()} if isinstance(cell, date) else cell


def _read_cell(cell: Any) -> Cell:
    return date.fromisoformat(cell[_DAY]) if isinstance(cell, dict) else cell
