"""What a file of sessions must say, line by line. Pure: which sessions exist already is for the services."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import MONTHS, WEEKDAYS, fold, hour, identity_key, weekday_day
from cpts_sessions.core.spreadsheet import Column, Remark, Row, Table, attempt, shorter_than, yes_or_no

MAX_CAPACITY = 200
PLACE_LENGTH = 200
REMARK_LENGTH = 1000
YEARS = range(2000, 2100)

COLUMNS = (
    Column("dispositif", ("programme", "type de séance", "type", "groupe"), ("activité", "séance"), required=True),
    Column("date", ("jour", "date de la séance", "le"), required=True),
    Column(
        "début", ("heure de début", "heure", "horaire de début", "debut (heure)", "à partir de", "de"), required=True
    ),
    Column("fin", ("heure de fin", "horaire de fin", "jusqu’à", "à")),
    Column("lieu", ("salle", "endroit", "lieu de la séance"), ("adresse",)),
    Column("places", ("nombre de places", "nb de places", "nb places", "capacité", "jauge", "places maximum")),
    Column("minimum", ("mini", "minimum de participants", "nombre minimum", "participants minimum")),
    Column("découverte", ("séance de découverte", "séance découverte")),
    Column("remarque", ("remarques", "commentaire", "commentaires", "observation", "observations", "note", "notes")),
)

_NOTHING = "vide"
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_FRENCH = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_WORDS = re.compile(r"(?:(?P<weekday>[a-z]+)\.?,? )?(?P<d>1er|\d{1,2}) (?P<month>[a-z]+) (?P<y>\d{4})")
_HOUR = re.compile(
    r"(?:\d{4}-\d{2}-\d{2}[T ])?(?P<h>\d{1,2})(?: ?(?:h|heures?|:) ?(?P<m>\d{2})?(?: ?(?:min|mn)|:\d{2})?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class KnownProgramme:
    """A programme of the CPTS and every name it may be called by in a file."""

    slug: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionRow:
    """One session of the file, in local time without zone; None means that the file does not say."""

    line: int
    programme_slug: str
    starts_at: datetime
    ends_at: datetime | None
    place: str | None
    capacity: int | None
    minimum: int | None
    discovery: bool
    remark: str | None


@dataclass
class SessionsReading:
    """What a file says: the sessions, the lines refused and why, the points to check."""

    rows: list[SessionRow] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)


def read_sessions(
    table: Table, programmes: Sequence[KnownProgramme], max_capacity: int = MAX_CAPACITY
) -> SessionsReading:
    """Every line of the table as a session or a refusal; a line may be refused for several reasons."""
    reading = SessionsReading()
    day_first = any(_proves_day_first(row.cells["date"]) for row in table.rows)
    seen: set[tuple[str, datetime]] = set()
    for row in table.rows:
        session_row, refusals = _read_row(table, row, programmes, max_capacity)
        if session_row is not None:
            key = (session_row.programme_slug, session_row.starts_at)
            if key in seen:
                refusals = [already_there(row.line_number)]
            else:
                seen.add(key)
                reading.rows.append(session_row)
                reading.notices += _points_to_check(row, session_row, day_first)
        reading.refusals += [Remark(row.line_number, sentence) for sentence in refusals]
    return reading


def already_there(line: int) -> str:
    """The refusal when this programme has a session at this hour, in the file or in the calendar."""
    return f"Ligne {line} : une séance existe déjà ce jour-là à cette heure pour ce dispositif."


def parse_day(text: str) -> date | None:
    """« 2025-03-19 », « 19/03/2025 », « 19.3.25 » or « mercredi 19 mars 2025 »; None when it is none of them."""
    if found := _ISO.fullmatch(text) or _FRENCH.fullmatch(text):
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
        return _day(year + 2000 if len(found["y"]) == 2 else year, month, day)
    months = [fold(month) for month in MONTHS]
    if (said := _WORDS.fullmatch(fold(text))) and said["month"] in months:
        return _day(int(said["y"]), months.index(said["month"]) + 1, int(said["d"].removesuffix("er")))
    return None


def parse_hour(text: str) -> time | None:
    """« 20:00 », « 20h », « 20 h 30 », « 20H00 »; None when it is none of them."""
    found = _HOUR.fullmatch(text)
    if not found or int(found["h"]) > 23 or int(found["m"] or 0) > 59:
        return None
    return time(int(found["h"]), int(found["m"] or 0))


def _read_row(
    table: Table, row: Row, programmes: Sequence[KnownProgramme], max_capacity: int
) -> tuple[SessionRow | None, list[str]]:
    if row.refusals:
        return None, list(row.refusals)
    refusals: list[str] = []
    slug = attempt(refusals, lambda: _programme(row, programmes))
    span = attempt(refusals, lambda: _span(row, refusals))
    place = attempt(refusals, lambda: shorter_than(row, "lieu", PLACE_LENGTH))
    capacity = attempt(refusals, lambda: _capacity(row, max_capacity))
    minimum = attempt(refusals, lambda: _minimum(row, capacity, max_capacity))
    discovery = attempt(refusals, lambda: yes_or_no(table, row, "découverte"))
    remark = attempt(refusals, lambda: shorter_than(row, "remarque", REMARK_LENGTH))
    if refusals or slug is None or span is None:
        return None, refusals
    return SessionRow(
        row.line_number, slug, *span, place or None, capacity, minimum, bool(discovery), remark or None
    ), []


def _programme(row: Row, programmes: Sequence[KnownProgramme]) -> str:
    value = row.cells["dispositif"]
    for programme in programmes:
        if value and _name_key(value) in map(_name_key, (programme.slug, *programme.names)):
            return programme.slug
    choices = ", ".join(programme.slug for programme in programmes)
    raise RuleBroken(
        f"Ligne {row.line_number} : dispositif « {value or _NOTHING} » inconnu. Dispositifs de la CPTS : {choices}."
    )


def _name_key(name: str) -> str:
    """Plural or singular alike: « cercles de parole » is « cercle de paroles »."""
    return "".join(identity_key(word).rstrip("s") for word in re.split(r"[\W_]+", name))


def _span(row: Row, refusals: list[str]) -> tuple[datetime, datetime | None] | None:
    """Start and end on one day; None when one of the cells was refused."""
    day = attempt(refusals, lambda: _date_cell(row))
    start = attempt(refusals, lambda: _hour_cell(row, "début"))
    end = attempt(refusals, lambda: _hour_cell(row, "fin")) if row.cells.get("fin") else None
    if start and end and end <= start:
        raise RuleBroken(f"Ligne {row.line_number} : la fin ({hour(end)}) précède le début ({hour(start)}).")
    if day is None or start is None:
        return None
    return datetime.combine(day, start), datetime.combine(day, end) if end else None


def _date_cell(row: Row) -> date:
    value = row.cells["date"]
    day = parse_day(value)
    if day is None:
        raise RuleBroken(
            f"Ligne {row.line_number} : date « {value or _NOTHING} » non comprise. Exemples : 2025-03-19 ou 19/03/2025."
        )
    return day


def _hour_cell(row: Row, title: str) -> time:
    value = row.cells[title]
    moment = parse_hour(value)
    if moment is None:
        raise RuleBroken(
            f"Ligne {row.line_number} : heure « {value or _NOTHING} » non comprise. Exemples : 20:30 ou 20h30."
        )
    return moment


def _capacity(row: Row, maximum: int) -> int | None:
    value = row.cells.get("places", "")
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", value) or not 1 <= int(value) <= maximum:
        raise RuleBroken(
            f"Ligne {row.line_number} : nombre de places « {value} » non compris. Écrivez un nombre de 1 à {maximum}."
        )
    return int(value)


def _minimum(row: Row, capacity: int | None, maximum: int) -> int | None:
    value = row.cells.get("minimum", "")
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) > maximum:
        raise RuleBroken(
            f"Ligne {row.line_number} : minimum « {value} » non compris. Écrivez un nombre de 0 à {maximum}."
        )
    if capacity is not None and int(value) > capacity:
        raise RuleBroken(f"Ligne {row.line_number} : le minimum ({value}) dépasse le nombre de places ({capacity}).")
    return int(value)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _proves_day_first(text: str) -> bool:
    found = _FRENCH.fullmatch(text)
    return bool(found and int(found["d"]) > 12 and parse_day(text))


def _points_to_check(row: Row, read: SessionRow, day_first: bool) -> list[Remark]:
    """A day that could be read otherwise: no other line shows which of 03/04 is the month; a weekday is wrong."""
    value = row.cells["date"]
    numbers = _FRENCH.fullmatch(value)
    words = _WORDS.fullmatch(fold(value))
    doubtful = numbers and (len(numbers["y"]) == 2 or not (day_first or numbers["d"] == numbers["m"]))
    if words and words["weekday"]:
        doubtful = not WEEKDAYS[read.starts_at.weekday()].startswith(words["weekday"])
    if not doubtful:
        return []
    sentence = f"Ligne {row.line_number} : « {value} » est lu comme le {weekday_day(read.starts_at.date())}. "
    return [Remark(row.line_number, sentence + "Vérifiez le jour et le mois.")]
