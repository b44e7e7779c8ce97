"""What a CSV file and a workbook have in common once opened: lines of text cells, and the limits set on both."""

import re
from dataclasses import dataclass, field

from cpts_sessions.core.errors import RuleBroken

MAX_BYTES = 10_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 100
NOT_A_TABLE = (
    "Ce fichier n’est pas un tableau CSV ou Excel. Enregistrez-le en « CSV » ou « .xlsx » depuis votre tableur, "
    "puis recommencez."
)
TOO_MANY_ROWS = "Ce fichier compte plus de 10 000 lignes, la limite d’un import. Coupez-le en deux, puis recommencez."

# « +33 6 12 34 56 78 » is a telephone number; « +SOMME(A1) », « -2+cmd|' /C calc'!A0 » are what a tableur would run.
_FORMULA = re.compile(r"[=@]|[+-](?=.*[A-Za-z])(?=.*[(|!])", re.DOTALL)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class GridRow:
    """One line as a tableur numbers it (1 is the first) and its cells; `formulas` are positions in `cells`."""

    line: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Grid:
    """Every line that is not blank, in the order of the file, and what the reader should know of how it was read."""

    rows: tuple[GridRow, ...]
    notices: tuple[str, ...] = ()


@dataclass
class GridBuilder:
    """Gather lines, drop blank ones.

    Raises:
        RuleBroken: one line too many, titles apart.
    """

    rows: list[GridRow] = field(default_factory=list)

    def add(self, line: int, cells: list[str], formulas: frozenset[int] = frozenset()) -> None:
        """Keep the line unless it is blank."""
        kept = tuple(clean(cell) for cell in cells)
        if not any(kept):
            return
        if len(self.rows) > MAX_ROWS:
            raise RuleBroken(TOO_MANY_ROWS)
        typed = frozenset(place for place, cell in enumerate(kept) if _FORMULA.match(cell))
        self.rows.append(GridRow(line, kept, formulas | typed))


def clean(cell: str) -> str:
    """The cell without invisible characters, its spaces and line breaks made single plain spaces."""
    return " ".join(_INVISIBLE.sub("", cell).split())


def weight(size: int) -> str:
    """« 48 ko », « 12,4 Mo »: a number of bytes, rounded up so that a refused file never seems within the limit."""
    if size < 1_000_000:
        return f"{-(-size // 1000)} ko"
    whole, tenth = divmod(-(-size // 100_000), 10)
    return f"{whole},{tenth} Mo" if tenth else f"{whole} Mo"
