"""Tables of members, as bytes: what the tests of a file write, and how they read it."""

import io
import zipfile

import openpyxl
import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.spreadsheet import Column, Table, read_table

COLUMNS = (
    Column("prénom", required=True),
    Column("nom", ("nom de famille",), required=True),
    Column("email", ("e-mail", "courriel", "adresse e-mail"), ("mail pro",), required=True),
    Column("membre"),
)
HELENE = {"prénom": "Hélène", "nom": "Vautrin", "email": "helene@example.org"}
LINE = "Hélène;Vautrin;helene@example.org"


def read(data: bytes | str, filename: str = "membres.csv") -> Table:
    return read_table(data.encode() if isinstance(data, str) else data, filename, COLUMNS)


def refusal(data: bytes | str, filename: str = "membres.csv") -> str:
    with pytest.raises(RuleBroken) as refused:
        read(data, filename)
    return str(refused.value)


def workbook(*rows: list[object], sheets: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Membres"
    for row in rows:
        book.active.append(row)
    for title in sheets:
        book.create_sheet(title)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    return zipped(parts | {name: content})


SOUND_WORKBOOK = workbook(["prénom", "nom", "email"], ["Hélène", "Vautrin", "helene@example.org"])
