"""CSV as tableurs and people write it: three separators, two encodings, three ends of line."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.grid import MAX_COLUMNS, NOT_A_TABLE, Grid, GridBuilder

DELIMITERS = (";", ",", "\t")
LINES_WITH_TITLES = 10
WINDOWS_1252 = "Fichier lu en Windows-1252. Vérifiez les accents ci-dessous."

# Letters of French written in UTF-8 (é, œ, «, ’, € …): next to each other in Windows-1252 they would be gibberish.
_UTF8_LETTER = re.compile(rb"[\xc2\xc3\xc5][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xef\xbb\xbf")
_ENDS_OF_LINE = re.compile(rb"\r\n|\n|\r")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_SEPARATOR_SAID = re.compile(r"sep=([;,|\t])(?:\r\n|\n|\r)", re.IGNORECASE)


def read_csv(data: bytes, count_known: Callable[[Sequence[str]], int]) -> Grid:
    """The lines of a CSV file; the separator is the one that makes most titles known.

    Args:
        count_known: how many titles of columns a line contains.

    Raises:
        RuleBroken: not a text table, accents written in two ways, a quote never closed, too many lines.
    """
    text, notices = _decode(data)
    if _CONTROL.search(text) or text.lstrip()[:1] in ("<", "{", "["):
        raise RuleBroken(NOT_A_TABLE)
    said = _SEPARATOR_SAID.match(text)
    delimiter = said.group(1) if said else _find_delimiter(text, count_known)
    builder = GridBuilder()
    for line, cells in _records(text, delimiter):
        if not (said and line == 1):
            builder.add(line, cells[:MAX_COLUMNS])
    return Grid(tuple(builder.rows), notices)


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise RuleBroken(NOT_A_TABLE) from None
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    if _UTF8_LETTER.search(data) and b"\x00" not in data:
        line = _first_line_written_otherwise(data)
        raise RuleBroken(
            f"Les accents de ce fichier sont écrits de deux façons à la fois (première ligne touchée : {line}). "
            "Enregistrez-le en « CSV UTF-8 » ou « .xlsx », puis recommencez."
        )
    try:
        return data.decode("cp1252"), (WINDOWS_1252,)
    except UnicodeDecodeError:
        raise RuleBroken(NOT_A_TABLE) from None


def _first_line_written_otherwise(data: bytes) -> int:
    """The number of the first line whose accents are not written as in the first line that has any."""
    first_way = ""
    for number, line in enumerate(_ENDS_OF_LINE.split(data), start=1):
        if line.isascii():
            continue
        ways = {_way_of(line)} | ({"utf-8"} if _UTF8_LETTER.search(line) else set())
        first_way = first_way or min(ways)
        if ways != {first_way}:
            return number
    raise AssertionError("called on a file written in one way only")


def _way_of(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _find_delimiter(text: str, count_known: Callable[[Sequence[str]], int]) -> str:
    """Most known titles in the first lines, else most columns; a single unknown column is not a table."""
    scores = []
    for delimiter in DELIMITERS:
        first = [cells for cells in _first_records(text, delimiter) if any(cells)]
        widths = [len(cells) for cells in first[:1]]
        scores.append((max(map(count_known, first), default=0), max(widths, default=0), delimiter))
    if not text.strip():
        return DELIMITERS[0]
    known, width, best = max(scores, key=lambda score: score[:2])
    if not known and width == 1:
        raise RuleBroken(NOT_A_TABLE)
    return best


def _first_records(text: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        records.extend(cells for _, cells in islice(_records(text, delimiter), LINES_WITH_TITLES))
    except RuleBroken:
        return records
    return records


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number as a tableur counts it: a cell on two lines is still one line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 0
    while True:
        line += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise RuleBroken(
                f"Les guillemets de la ligne {line} ne se referment pas. Corrigez-les, ou enregistrez le fichier "
                "en « .xlsx » depuis votre tableur, puis recommencez."
            ) from None
        yield line, cells
