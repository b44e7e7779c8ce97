"""What an attacker copies after each answer: every row where it stands, the file, the log of writes."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text

from cpts_sessions.extensions import db

_WAL_HEADER = 32
_FRAME_HEADER = 24


@dataclass(frozen=True)
class Row:
    """One row as it lies in the database. `position` is its rowid or ctid, `stamp` its xmin (0 on SQLite)."""

    table: str
    position: tuple[int, int]
    stamp: int
    key: bytes
    content: bytes


@dataclass(frozen=True)
class Snapshot:
    """Everything at one instant; `image` is the file as its log of writes completes it, empty on a server."""

    rows: dict[tuple[str, bytes], Row]
    image: bytes = b""
    wal: bytes = b""

    def table(self, name: str) -> list[Row]:
        """The rows of one table, where they lie."""
        return sorted((row for row in self.rows.values() if row.table == name), key=lambda row: row.position)

    def weight(self) -> int:
        """How many bytes there are."""
        return len(self.wal) + sum(len(row.content) for row in self.rows.values())


@dataclass
class Evidence:
    """The snapshots before the first answer and after each, then after the opening.

    `texts` are those read in the opened box, in no order; `slot_of` says whose slot is whose, from the first to answer
    to the last: the attacker is given even that.
    """

    sealed_table: str
    opened_table: str
    snapshots: list[Snapshot] = field(default_factory=list)
    opened: Snapshot | None = None
    texts: list[bytes] = field(default_factory=list)
    slot_of: list[bytes] = field(default_factory=list)

    @property
    def last(self) -> Snapshot:
        """What there is once all is opened."""
        assert self.opened is not None
        return self.opened

    def answers(self) -> list[Row]:
        """The opened rows that hold one of the texts, where they lie."""
        return [row for row in self.last.table(self.opened_table) if self.text_in(row.content)]

    def text_in(self, content: bytes) -> bytes | None:
        """The text that is written here, if one is."""
        return next((one for one in self.texts if one in content), None)


def copy() -> Snapshot:
    """Copy everything now."""
    with db.engine.connect() as connection:
        rows = {(row.table, row.key): row for row in _rows(connection)}
        connection.rollback()
    url = make_url(db.engine.url)
    if url.get_backend_name() != "sqlite":
        return Snapshot(rows)
    path = Path(str(url.database))
    image, log = bytearray(path.read_bytes()), path.with_name(f"{path.name}-wal")
    wal = log.read_bytes() if log.exists() else b""
    for page, content in frames(wal):
        start = (page - 1) * len(content)
        image[start : start + len(content)] = content
    return Snapshot(rows, bytes(image), wal)


def frames(wal: bytes) -> Iterator[tuple[int, bytes]]:
    """The pages of a log of writes, in the order they were written (sqlite.org/fileformat2.html, 4.1)."""
    if len(wal) < _WAL_HEADER:
        return
    size = struct.unpack(">I", wal[8:12])[0]
    salt = wal[16:24]
    for start in range(_WAL_HEADER, len(wal) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        header = wal[start : start + _FRAME_HEADER]
        if header[8:16] != salt:
            return  # what is left of an earlier turn
        yield struct.unpack(">I", header[:4])[0], wal[start + _FRAME_HEADER : start + _FRAME_HEADER + size]


def _rows(connection: Connection) -> Iterator[Row]:
    is_sqlite = connection.dialect.name == "sqlite"
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if is_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    where = "rowid, 0" if is_sqlite else "ctid::text, xmin::text"
    for name in connection.execute(text(tables)).scalars().all():
        for row in connection.execute(text(f"SELECT {where}, * FROM {name}")).all():
            position, stamp, *values = row
            cells = [_bytes(value) for value in values]
            yield Row(name, _position(position), int(stamp), cells[0], b"|".join(cells))


def _position(found: Any) -> tuple[int, int]:
    if isinstance(found, int):
        return 0, found
    page, line = str(found).strip("()").split(",")
    return int(page), int(line)


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
