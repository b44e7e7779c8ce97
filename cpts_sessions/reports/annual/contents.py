"""What the report of a year holds: plain values that its pages, its files and its frozen copy all read; pure.

Nothing here names a person, save those who wrote or froze the report: rows behind a figure stay where they are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from enum import StrEnum

Cell = str | int | Day | None


class Audience(StrEnum):
    """Whom a document is for. The values are in addresses and on the command line."""

    CPAM = "cpam"
    """Exact numbers by profession, as the contract asks."""

    PUBLIC = "publier"
    """Professions of fewer than three people are grouped."""


@dataclass(frozen=True)
class Field:
    """One computed sentence or figure, that the text of an action quotes as `{key}`.

    Sentences have no full stop and are never empty: what has nothing to say has no field.
    """

    key: str  # lower case letters and underscores; unique on its page
    label: str  # how the editor calls it: « Les participants »
    exact: str
    public: str
    what: str = ""  # the word of `listings.What` whose rows it opens, in the part below; empty when it opens none
    part: str = ""  # the key of the part of the season: the number of an action, or the slug of a programme

    def said_to(self, audience: Audience) -> str:
        """Return the sentence as this audience reads it."""
        return self.exact if audience is Audience.CPAM else self.public


@dataclass(frozen=True)
class Figure:
    """One number with its full name, and the same a year before; None: nothing is known of that year."""

    key: str
    label: str  # « Inscrits distincts »
    value: int
    previous: int | None
    sentence: str  # « 19 inscrits distincts en 2025, contre 14 en 2024 (+5) »
    what: str = ""
    part: str = ""


@dataclass(frozen=True)
class Grid:
    """One table. `audience` None: both read it; else only that one does."""

    key: str  # short, without accents: the name of a sheet or of a file
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    audience: Audience | None = None
    about: str = ""  # what the reader must know of it, a whole sentence
    total: tuple[Cell, ...] = ()  # the last row, when the table adds up


@dataclass(frozen=True)
class Text:
    """What is written on a page: Markdown in which `{key}` is a field.

    `written_by` and `written_at` are None when nobody changed the proposed text.
    """

    markdown: str
    written_by: str | None = None
    written_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """One action of the report, or what belongs to none (`key` « autres »)."""

    key: str  # « 27 » … « 31 », or « autres »
    title: str  # « Mettre en place des cercles de paroles »
    amount_euros: int | None  # its share of the part variable; None when it carries none
    fields: tuple[Field, ...]
    figures: tuple[Figure, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]  # whole sentences: what the reader must know of these figures
    proposed: str  # the text that the application proposes, in Markdown with its fields
    text: Text

    @property
    def heading(self) -> str:
        """« Action 30 : Mettre en place des cercles de paroles »; what belongs to no action has its title alone."""
        return f"Action {self.key} : {self.title}" if self.key.isdigit() else self.title

    def field(self, key: str) -> Field | None:
        """Return the field of this key."""
        return next((one for one in self.fields if one.key == key), None)


@dataclass(frozen=True)
class Freezing:
    """When a report was frozen, and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True)
class AnnualReport:
    """The report of mission 6 for one year, live or frozen, with its text."""

    organisation: str
    year: int
    as_of: Day
    pages: tuple[Page, ...]
    together: str  # « 26 inscrits distincts, GAPP et cercles de paroles réunis »; empty under two programmes
    part_variable: str  # « 2 000 + 4 000 + 4 000 + 1 000 = 11 000 € »; empty without any amount
    annexes: tuple[Grid, ...]
    notes: tuple[str, ...]
    freezing: Freezing | None = None

    def page(self, key: str) -> Page | None:
        """Return the page of this key."""
        return next((one for one in self.pages if one.key == key), None)


def read_by(grids: Sequence[Grid], audience: Audience) -> list[Grid]:
    """Return the tables that this audience reads, in their order."""
    return [one for one in grids if one.audience in (None, audience)]
