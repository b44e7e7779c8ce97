"""What one source brings to a page of the report, before the page is made; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cpts_sessions.core import french
from cpts_sessions.reports.annual.contents import Field, Figure, Grid, Page, Text
from cpts_sessions.reports.sentences.comparisons import Counted, compared
from cpts_sessions.reports.sentences.grammar import Gender, capitalised, percent, uncapitalised

MOVES_MUCH_UNDER = 20
"""With fewer answers than that, the reader is told how much one of them weighs."""


@dataclass(frozen=True)
class Piece:
    """Fields, figures and tables of one source, and the text it proposes: paragraphs parted by empty lines."""

    fields: tuple[Field, ...] = ()
    figures: tuple[Figure, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    text: str = ""


def page(key: str, title: str, amount_euros: int | None, pieces: Sequence[Piece]) -> Page:
    """Make a page of its pieces, one after the other; a note that several give is said once."""
    whole = joined(pieces, "\n\n".join(piece.text for piece in pieces if piece.text))
    return Page(
        key=key,
        title=title,
        amount_euros=amount_euros,
        fields=whole.fields,
        figures=whole.figures,
        grids=whole.grids,
        notes=whole.notes,
        proposed=whole.text,
        text=Text(whole.text),
    )


def of_whom(one: Piece, name: str) -> Piece:
    """Return a piece whose fields and figures say whose they are: « Vade-mecum : présences »."""

    def labelled(label: str) -> str:
        return french.punctuate(f"{name} : {uncapitalised(label)}")

    return replace(
        one,
        fields=tuple(replace(field, label=labelled(field.label)) for field in one.fields),
        figures=tuple(replace(figure, label=labelled(figure.label)) for figure in one.figures),
    )


def field(key: str, label: str, exact: str, public: str = "", *, what: str = "", part: str = "") -> Field | None:
    """Return a field; None when it has nothing to say. Without a public sentence, the exact one may be published."""
    return Field(key, label, exact, public or exact, what, part) if exact else None


def quoting(keys: Iterable[str], fields: Sequence[Field]) -> str:
    """Return a paragraph that quotes these fields, one sentence each: those that the page has, no other."""
    known = {one.key for one in fields}
    return " ".join(f"{{{key}}}." for key in keys if key in known)


def figure(
    key: str, counted: Counted, year: int, value: int, previous: int | None, *, what: str = "", part: str = ""
) -> Figure:
    """Return a figure, told against the year before."""
    label = capitalised(counted.many)
    return Figure(key, label, value, previous, compared(counted, year, value, previous), what, part)


def key_of(words: str) -> str:
    """Return words as a key: « isolement_professionnel »; a letter begins it."""
    key = re.sub(r"[^a-z0-9]+", "_", french.fold(words)).strip("_")
    return key if key[:1].isalpha() else f"n_{key}"


def joined(several: Sequence[Piece], text: str) -> Piece:
    """Return pieces as one, under a text of their own."""
    return Piece(
        fields=tuple(one for piece in several for one in piece.fields),
        figures=tuple(one for piece in several for one in piece.figures),
        grids=tuple(one for piece in several for one in piece.grids),
        notes=tuple(dict.fromkeys(note for piece in several for note in piece.notes)),
        text=text,
    )


def small_number_note(respondents: int) -> str:
    """« Avec 6 réponses, une seule change le résultat de 17 points. »: empty when one weighs little."""
    if respondents >= MOVES_MUCH_UNDER:
        return ""
    step = percent(1, respondents)
    return french.typo(f"Avec {respondents} réponses, une seule change le résultat de {step} points.")


HELD = Counted("séance tenue", "séances tenues", Gender.FEMININE)
ENROLLED = Counted("inscrit distinct", "inscrits distincts", Gender.MASCULINE)
PRESENT = Counted("présent distinct", "présents distincts", Gender.MASCULINE)
ATTENDANCES = Counted("présence cumulée", "présences cumulées", Gender.FEMININE)
TRAINED = Counted("professionnel formé", "professionnels formés", Gender.MASCULINE)
REQUESTS = Counted("sollicitation reçue", "sollicitations reçues", Gender.FEMININE)
COMMUNICATIONS = Counted("communication réalisée", "communications réalisées", Gender.FEMININE)
SUPPORTED = Counted("professionnel accompagné", "professionnels accompagnés", Gender.MASCULINE)
STEPS = Counted("étape notée", "étapes notées", Gender.FEMININE)
