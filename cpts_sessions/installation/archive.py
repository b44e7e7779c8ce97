"""The file of a backup: a ZIP of one text per table, one row per line, the same for both engines.

`manifest.json` says what made it (version, schema, fingerprint of the master key), and of each table its columns, rows
and SHA-256. Neither the master key nor the keys of boxes are in it.
"""

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, LargeBinary, String, Uuid
from sqlalchemy.types import TypeEngine

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.types import UtcDateTime

FORMAT = 1
MANIFEST = "manifest.json"
_DAMAGED = "Cette sauvegarde est abîmée ({what}) : rien n’a été restauré. Prenez-en une autre."

#: Kinds of columns, and how each is stored again; from the most precise.
TYPES: dict[str, TypeEngine[Any]] = {
    "instant": UtcDateTime(),
    "day": Date(),
    "uuid": Uuid(),
    "bytes": LargeBinary(),
    "json": JSON(none_as_null=True),
    "boolean": Boolean(),
    "integer": Integer(),
    "text": String(),
}


@dataclass(frozen=True, kw_only=True)
class TableEntry:
    """One table of a backup: its columns with their kinds, in the order of the rows."""

    columns: dict[str, str]
    rows: int
    sha256: str
    next_id: int | None = None  # the first id never given yet, where the engine keeps it


@dataclass(kw_only=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    version: str  # of the application
    revision: str  # of the schema
    made_at: str  # ISO 8601, UTC
    engine: str
    key_fingerprint: str
    organisations: list[str] = field(default_factory=list)
    tables: dict[str, TableEntry] = field(default_factory=dict)  # parents before children

    @property
    def made(self) -> datetime:
        """The instant of the backup."""
        return datetime.fromisoformat(self.made_at).astimezone(UTC)


def kind_of(kind: TypeEngine[Any]) -> str:
    """Return the kind of a column.

    Raises:
        TypeError: no kind is known for this type: give it one in `TYPES`.
    """
    for name, known in TYPES.items():
        if isinstance(kind, type(known)):
            return name
    if isinstance(kind, DateTime):
        raise TypeError("instants are stored as UtcDateTime")
    raise TypeError(f"no kind of column for {kind!r}")


class ArchiveWriter:
    """Writes a backup, table by table; its manifest at the end of the `with` block, when nothing failed."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.manifest = manifest

    def add(
        self, name: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]], next_id: int | None = None
    ) -> None:
        """Write one table; its rows are read as they are written."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(_path(name), "w", force_zip64=True) as entry:
            for row in rows:
                line = json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))
                data = f"{line}\n".encode()
                digest.update(data)
                entry.write(data)
                count += 1
        self.manifest.tables[name] = TableEntry(columns=columns, rows=count, sha256=digest.hexdigest(), next_id=next_id)

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self._zip.writestr(MANIFEST, json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1))
        self._zip.close()


class Archive:
    """A backup being read.

    Raises:
        RuleBroken: the file is not there, is no backup, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise RuleBroken(typo(f"Le fichier {path} n’existe pas.")) from None
        except (OSError, zipfile.BadZipFile):
            raise RuleBroken(typo(f"{path} n’est pas une sauvegarde, ou elle est incomplète.")) from None
        self.manifest = self._read_manifest(path)

    def _read_manifest(self, path: Path) -> Manifest:
        try:
            said = json.loads(self._zip.read(MANIFEST))
        except (KeyError, ValueError, zipfile.BadZipFile):
            raise RuleBroken(typo(f"{path} n’est pas une sauvegarde de cette application.")) from None
        if said.get("format") != FORMAT:
            raise RuleBroken("Cette sauvegarde vient d’une version plus récente : mettez d’abord l’application à jour.")
        tables = {name: TableEntry(**entry) for name, entry in said.pop("tables").items()}
        return Manifest(**said, tables=tables)

    def check(self) -> None:
        """Read every row once.

        Raises:
            RuleBroken: a table is not what the manifest says.
        """
        for name, entry in self.manifest.tables.items():
            digest, count = hashlib.sha256(), 0
            try:
                with self._zip.open(_path(name)) as lines:
                    for line in lines:
                        digest.update(line)
                        count += 1
            except (KeyError, OSError, zipfile.BadZipFile, zlib.error) as damage:
                raise RuleBroken(typo(_DAMAGED.format(what=name))) from damage
            if (digest.hexdigest(), count) != (entry.sha256, entry.rows):
                raise RuleBroken(typo(_DAMAGED.format(what=name)))

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Return the rows of a table, as values of Python by column."""
        columns = self.manifest.tables[name].columns
        with self._zip.open(_path(name)) as lines:
            for line in lines:
                values = json.loads(line)
                yield {
                    column: _value(kind, value) for (column, kind), value in zip(columns.items(), values, strict=True)
                }

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()


def _path(table: str) -> str:
    return f"tables/{table}.jsonl"


def _plain(value: Any) -> Any:
    """Return a value as JSON says it; only `_value` with the kind of its column reads it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping | list | str | int | float | None):
        return value
    raise TypeError(f"no plain form of {type(value).__name__}")


def _value(kind: str, plain: Any) -> Any:
    if plain is None:
        return None
    if kind == "instant":
        return datetime.fromisoformat(plain)
    if kind == "day":
        return date.fromisoformat(plain)
    if kind == "bytes":
        return base64.b64decode(plain)
    return UUID(plain) if kind == "uuid" else plain
