"""Workbooks (.xlsx): the first sheet as text. Formulas are pointed out, never computed nor trusted."""

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zipfile import ZipFile

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.grid import MAX_COLUMNS, NOT_A_TABLE, Grid, GridBuilder, weight

# The last line a sheet can have (ECMA-376 leaves it open, Excel does not): bounds the gaps between lines.
LAST_LINE = 1_048_576
MAX_UNPACKED_BYTES = 30_000_000
MAX_FILES = 2_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Document types, hence entities that grow, are forbidden in packages (ECMA-376 part 2, XML usage).
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
PASSWORD = "Ce classeur est protégé par un mot de passe. Retirez la protection, puis recommencez."


def read_ole(data: bytes) -> None:
    """Say why an old-style container is refused: a locked workbook ([MS-OFFCRYPTO] 2.3), else an .xls, .doc….

    Raises:
        RuleBroken: always.
    """
    raise RuleBroken(PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else NOT_A_TABLE)


def read_xlsx(data: bytes) -> Grid:
    """The first visible sheet: dates in ISO, hours as 20:30, whole numbers without decimals.

    Raises:
        RuleBroken: not a workbook, locked, too large once unpacked, too many lines.
    """
    try:
        _check_package(data)
        return _read_first_sheet(data)
    except RuleBroken:
        raise
    except Exception as broken:  # bytes of a stranger: openpyxl and expat fail in too many ways to be listed
        raise RuleBroken(NOT_A_TABLE) from broken


def _check_package(data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        names = {part.filename for part in parts}
        if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or len(parts) > MAX_FILES:
            raise RuleBroken(NOT_A_TABLE)
        if any(part.flag_bits & 1 for part in parts):
            raise RuleBroken(PASSWORD)
        # zipfile never gives more bytes than the directory announces, hence the sum can be trusted as a bound.
        texts = [part for part in parts if not part.filename.startswith("xl/media/")]
        unpacked = sum(part.file_size for part in texts)
        if unpacked > MAX_UNPACKED_BYTES:
            raise RuleBroken(
                f"Une fois ouvert, ce classeur pèse {weight(unpacked)}, la limite est de {weight(MAX_UNPACKED_BYTES)}. "
                "Retirez les feuilles et les lignes inutiles, ou coupez-le en deux."
            )
        for part in texts:
            content = package.read(part)
            if any(mark in content for mark in _DOCTYPE):
                raise RuleBroken(NOT_A_TABLE)


def _read_first_sheet(data: bytes) -> Grid:
    from openpyxl import load_workbook  # slow to load, and most commands read no workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheets = book.worksheets
        sheet = next((one for one in sheets if one.sheet_state == "visible"), sheets[0])
        builder = GridBuilder()
        # Bounds are given because the size a sheet declares of itself may be wrong.
        gap: object = None
        for line, row in enumerate(sheet.iter_rows(max_row=LAST_LINE, max_col=MAX_COLUMNS), start=1):
            if row is not gap and not _add(builder, line, row):
                gap = row  # openpyxl fills gaps with one same row, up to a million times
        notices: tuple[str, ...] = ()
        if len(sheets) > 1:
            notices = (f"Ce classeur a {len(sheets)} feuilles : seule la première, « {sheet.title} », est lue.",)
        return Grid(tuple(builder.rows), notices)
    finally:
        book.close()


def _add(builder: GridBuilder, line: int, row: Iterable[Any]) -> bool:
    """Whether the row has anything in it."""
    cells: list[str] = []
    formulas: set[int] = set()
    for place, cell in enumerate(row):
        if getattr(cell, "data_type", "n") == "f":
            formulas.add(place)
            cells.append("=")
        else:
            cells.append("" if cell.value is None else as_text(cell.value))
    if not any(cells):
        return False
    builder.add(line, cells, frozenset(formulas))
    return True


def as_text(value: object) -> str:  # noqa: PLR0911  one answer for each kind of cell
    """What a person reads in the cell, in the forms the imports accept."""
    match value:
        case bool():
            return "oui" if value else "non"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            minutes = round(value / timedelta(minutes=1))
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
