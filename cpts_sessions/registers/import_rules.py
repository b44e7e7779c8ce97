"""What a file of requests for help must say, line by line."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.spreadsheet import Column, Remark, Row, Table, attempt, shorter_than
from cpts_sessions.registers.entries import LONG, SHORT, RequestsOfYear
from cpts_sessions.registers.rules import MOST_IN_A_YEAR, alike

COLUMNS = (
    Column("outil", ("outils", "action", "thème", "sujet"), required=True),
    Column("nombre", ("nombre de sollicitations", "nb", "total", "sollicitations"), required=True),
    Column("nature", ("natures", "nature de l'aide", "nature des sollicitations")),
    Column("besoins", ("besoin", "besoins exprimés", "besoin exprimé")),
)
_SUMS = ("total", "totaux", "totalgeneral", "soustotal")


@dataclass(frozen=True)
class Line:
    """One line of the file: the requests of a year about one tool."""

    number: int
    told: RequestsOfYear


@dataclass
class RequestsReading:
    """What a file says under its titles: the lines understood, those refused and why."""

    titles: Collection[str] = ()
    lines: list[Line] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)


def read_requests(table: Table, year: int) -> RequestsReading:
    """Every line of the table as the requests of one tool, or as refusals; a tool has one line."""
    reading = RequestsReading(table.columns)
    places: dict[str, int] = {}
    for row in table.rows:
        told, refusals = _read_row(row, year)
        if told is not None:
            first = places.setdefault(alike(told.tool), row.line_number)
            if first == row.line_number:
                reading.lines.append(Line(row.line_number, told))
            else:
                refusals = [_twice(row.line_number, told.tool, first)]
        reading.refusals += [Remark(row.line_number, sentence) for sentence in refusals]
    return reading


def _twice(number: int, tool: str, first: int) -> str:
    return f"Ligne {number} : l’outil « {tool} » est déjà à la ligne {first}. Réunissez ces deux lignes."


def _read_row(row: Row, year: int) -> tuple[RequestsOfYear | None, list[str]]:
    if row.refusals:
        return None, list(row.refusals)
    refusals: list[str] = []
    tool = attempt(refusals, lambda: _tool(row))
    count = attempt(refusals, lambda: _count(row))
    natures = attempt(refusals, lambda: shorter_than(row, "nature", LONG))
    needs = attempt(refusals, lambda: shorter_than(row, "besoins", LONG))
    if refusals or tool is None or count is None:
        return None, refusals
    return RequestsOfYear(year=year, tool=tool, count=count, natures=natures or "", needs=needs or ""), []


def _tool(row: Row) -> str:
    tool = shorter_than(row, "outil", SHORT)
    if not tool.strip():
        raise RuleBroken(f"Ligne {row.line_number} : l’outil manque.")
    if alike(tool) in _SUMS:
        raise RuleBroken(
            f"Ligne {row.line_number} : « {tool} » est la somme des autres lignes, pas un outil. Retirez cette ligne."
        )
    return tool


def _count(row: Row) -> int:
    value = row.cells["nombre"]
    digits = "".join(value.split())
    if not re.fullmatch(r"\d{1,6}", digits, re.ASCII) or not 1 <= int(digits) <= MOST_IN_A_YEAR:
        raise RuleBroken(
            f"Ligne {row.line_number} : nombre « {value or '(vide)'} » non compris. "
            f"Écrivez un nombre de 1 à {MOST_IN_A_YEAR}."
        )
    return int(digits)
