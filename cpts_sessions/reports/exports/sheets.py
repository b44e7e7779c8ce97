"""The tables of a report under the names of sheets; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cpts_sessions.reports.annual.contents import Cell, Grid
from cpts_sessions.reports.exports.told import Told

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31  # what office programs accept


@dataclass(frozen=True)
class Sheet:
    """One table, under a name that no other has."""

    name: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()


def sheets(contents: Told) -> list[Sheet]:
    """Return the sentences, the figures, then every table: « 30 professions », « calendrier »."""
    named: dict[str, Sheet] = {}
    for name, grid in _tables(contents):
        free = _free_name(name, {one.casefold() for one in named})
        named[free] = Sheet(free, grid.title, grid.about, grid.columns, grid.rows, grid.total)
    return list(named.values())


def _tables(contents: Told) -> Iterator[tuple[str, Grid]]:
    year = contents.report.year
    yield "Phrases", _sentences(contents)
    yield "Chiffres", _figures(contents, year)
    for chapter in contents.chapters:
        prefix = f"{chapter.key} " if chapter.key.isdigit() else ""
        for grid in chapter.grids:
            yield f"{prefix}{grid.key}", grid
    for grid in contents.annexes:
        yield grid.key, grid


def _sentences(contents: Told) -> Grid:
    return Grid(
        "phrases",
        f"Les phrases calculées, {contents.for_whom[:1].lower()}{contents.for_whom[1:]}",
        ("Page", "Ce qu’elle dit", "Phrase"),
        tuple((page.heading, one.label, one.text) for page in contents.chapters for one in page.sentences),
    )


def _figures(contents: Told, year: int) -> Grid:
    return Grid(
        "chiffres",
        f"Les chiffres de {year}, et ceux de {year - 1} quand ils sont connus",
        ("Page", "Ce qui est compté", str(year), str(year - 1), "Phrase"),
        tuple(
            (page.heading, one.label, one.value, one.previous, one.sentence)
            for page in contents.chapters
            for one in page.figures
        ),
    )


def _free_name(wanted: str, taken: set[str]) -> str:
    name = _NOT_IN_A_NAME.sub(" ", wanted).strip("' ")[:_LONGEST_NAME].strip("' ") or "Tableau"
    number, free = 2, name
    while free.casefold() in taken:
        suffix = f" {number}"
        free, number = name[: _LONGEST_NAME - len(suffix)] + suffix, number + 1
    return free
