"""Read a table that a person exported from a tableur, forgiving in form, strict in doubt.

Titles of columns are recognised whatever their order, accents, capitals, spaces and usual synonyms. Whatever cannot
be read is said in a French sentence; nothing is guessed in silence.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TypeVar

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import identity_key
from cpts_sessions.core.grid import MAX_BYTES, NOT_A_TABLE, Grid, GridRow, weight
from cpts_sessions.core.grid_csv import LINES_WITH_TITLES, read_csv
from cpts_sessions.core.grid_xlsx import OLE_MAGIC, read_ole, read_xlsx

T = TypeVar("T")

ZIP_MAGIC = b"PK"
_NOT_TEXT = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_YES = ("oui", "o", "yes", "y", "x", "1", "vrai", "true", "✓", "✔")
_NO = ("non", "n", "no", "0", "faux", "false", "-")
_HINT = re.compile(r"\([^)]*\)|\*")


@dataclass(frozen=True)
class Column:
    """One column an import understands.

    `title` is how it is named to the reader and the key of its cells; `synonyms` are other titles; `fallbacks` count
    only when no better title is in the file (« Portable » next to « Téléphone » is then ignored).
    """

    title: str
    synonyms: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    required: bool = False

    @cached_property
    def keys(self) -> frozenset[str]:
        """How its title and its synonyms are recognised."""
        return frozenset(map(identity_key, (self.title, *self.synonyms)))

    @cached_property
    def fallback_keys(self) -> frozenset[str]:
        """How its fallbacks are recognised."""
        return frozenset(map(identity_key, self.fallbacks))


@dataclass(frozen=True)
class Row:
    """One line of the file. `cells` has every column that was found; `refusals` are sentences, usually none."""

    line_number: int
    cells: dict[str, str]
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`columns`: title of the import → title as typed in the file; `notices`: what the reader should check."""

    columns: dict[str, str]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """What is said of one line of the file: a refusal or a point to check, as a whole sentence."""

    line_number: int
    sentence: str


def read_table(data: bytes, filename: str, columns: Sequence[Column]) -> Table:
    """The lines of a CSV or Excel file under the titles of `columns`.

    The content decides, not the extension, except that an extension of another kind of file (.ods, .pdf…) is refused.

    Raises:
        RuleBroken: empty, above 10 MB, not a table, locked, accents written in two ways, a required column missing,
            a column twice, no line under the titles, more than 10 000 lines.
    """
    grid = _open(data, filename, columns)
    if not grid.rows:
        raise RuleBroken("Ce fichier ne contient aucune ligne sous les titres de colonnes.")
    first = grid.rows[:LINES_WITH_TITLES]
    start = max(range(len(first)), key=lambda place: (_count_known(first[place].cells, columns) > 1, -place))
    titles = grid.rows[start].cells
    places, ignored = _place_columns(titles, columns)
    rows = tuple(_row(row, titles, places) for row in grid.rows[start + 1 :])
    if not rows:
        raise RuleBroken("Ce fichier ne contient aucune ligne sous les titres de colonnes.")
    notices = grid.notices + tuple(f"Colonne « {title} » ignorée." for title in ignored)
    return Table({title: titles[place] for title, place in places.items()}, rows, notices)


def yes_or_no(table: Table, row: Row, title: str) -> bool | None:
    """The answer in a yes-or-no column; None when the column or the cell is empty.

    Raises:
        RuleBroken: the cell is neither.
    """
    value = row.cells.get(title, "")
    word = identity_key(value) or value
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not value:
        return None
    raise RuleBroken(
        f"Ligne {row.line_number} : « {value} » dans la colonne « {table.columns[title]} ». Écrivez oui ou non."
    )


def shorter_than(row: Row, title: str, limit: int) -> str:
    """The text of a cell, empty when the column is absent.

    Raises:
        RuleBroken: more than `limit` characters.
    """
    value = row.cells.get(title, "")
    if len(value) > limit:
        raise RuleBroken(f"Ligne {row.line_number} : la case « {title} » dépasse {limit} caractères. Raccourcissez-la.")
    return value


def attempt(refusals: list[str], read: Callable[[], T]) -> T | None:
    """The value, or None and one refusal more: a line says everything that is wrong at once."""
    try:
        return read()
    except RuleBroken as refusal:
        refusals.append(str(refusal))
        return None


def _open(data: bytes, filename: str, columns: Sequence[Column]) -> Grid:
    if not data:
        raise RuleBroken(
            "Ce fichier est vide (0 octet). L’enregistrement a sans doute échoué : recommencez depuis votre tableur."
        )
    if len(data) > MAX_BYTES:
        raise RuleBroken(
            f"Ce fichier pèse {weight(len(data))}, la limite est de 10 Mo. "
            "Retirez les feuilles et les images inutiles, ou coupez-le en deux."
        )
    if data.startswith(OLE_MAGIC):
        read_ole(data)
    if data.startswith(ZIP_MAGIC):
        return read_xlsx(data)
    if data.startswith(_NOT_TEXT) or PurePath(filename).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods", ".pdf"):
        raise RuleBroken(NOT_A_TABLE)
    return read_csv(data, lambda cells: _count_known(cells, columns))


def _keys(title: str) -> tuple[str, str]:
    """A title as typed, then without what is said in brackets: « E-mail (professionnel) * » is an e-mail."""
    return identity_key(title), identity_key(_HINT.sub("", title))


def _find(title: str, columns: Sequence[Column]) -> tuple[Column, bool] | None:
    """The column of a title, and whether it is only a fallback."""
    for key in _keys(title):
        for column in columns:
            if key and key in column.keys:
                return column, False
            if key and key in column.fallback_keys:
                return column, True
    return None


def _count_known(cells: Sequence[str], columns: Sequence[Column]) -> int:
    return sum(_find(cell, columns) is not None for cell in cells)


def _place_columns(titles: Sequence[str], columns: Sequence[Column]) -> tuple[dict[str, int], list[str]]:
    """Where each column is, and the titles that are not read."""
    places: dict[str, int] = {}
    weak: dict[str, int] = {}
    ignored: list[str] = []
    for place, title in enumerate(titles):
        found = _find(title, columns)
        if found is None:
            ignored += [title] if title else []
        elif found[1]:
            if found[0].title in weak:
                ignored.append(title)
            weak.setdefault(found[0].title, place)
        elif found[0].title in places:
            raise RuleBroken(f"La colonne « {found[0].title} » figure deux fois. Gardez-en une.")
        else:
            places[found[0].title] = place
    for name, place in weak.items():
        if name in places:
            ignored.append(titles[place])
        places.setdefault(name, place)
    for column in columns:
        if column.required and column.title not in places:
            found_titles = ", ".join(title for title in titles if title)
            raise RuleBroken(f"Il manque la colonne « {column.title} ». Colonnes trouvées : {found_titles}.")
    return places, ignored


def _row(row: GridRow, titles: Sequence[str], places: dict[str, int]) -> Row:
    refusals = [
        f"Ligne {row.line} : la case « {titles[place]} » contient une formule. Remplacez-la par sa valeur."
        for place in sorted(places.values())
        if place in row.formulas
    ]
    if any(row.cells[len(titles) :]):
        refusals.append(
            f"Ligne {row.line} : plus de cases que de titres de colonnes. "
            "Vérifiez les séparateurs et les guillemets de cette ligne."
        )
    cells = {title: row.cells[place] if place < len(row.cells) else "" for title, place in places.items()}
    return Row(row.line, cells, tuple(refusals))
