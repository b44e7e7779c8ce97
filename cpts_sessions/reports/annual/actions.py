"""The actions of mission 6, as the report of every year lays them out; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cpts_sessions.reports.sentences.grammar import Gender, ProgrammeNames

OTHERS: Final = "autres"
OTHERS_TITLE: Final = "Autres rencontres et formations"


@dataclass(frozen=True)
class Action:
    """One action that every report has a page for.

    `euros`: its usual share of the part variable, where no programme carries it; None when it has none. `names`: what
    its sessions are called as long as it has no programme; None when it is no programme's.
    """

    number: int
    title: str
    euros: int | None = None
    names: ProgrammeNames | None = None


ACTIONS: Final[Mapping[int, Action]] = {
    one.number: one
    for one in (
        Action(27, "Aider les autres CPTS par le partage d’outils", 2000),
        Action(28, "Accompagner psychologiquement les professionnels de santé", 4000),
        Action(
            29,
            "Mettre en place des groupes d’analyse de pratique (GAPP)",
            names=ProgrammeNames("GAPP", "GAPP", Gender.MASCULINE),
        ),
        Action(
            30,
            "Mettre en place des cercles de paroles",
            names=ProgrammeNames("cercle de paroles", "cercles de paroles", Gender.MASCULINE),
        ),
        Action(31, "Rendre le territoire attractif", 1000),
    )
}


def amount(number: int | None, of_programmes: Sequence[int], stored: int | None = None) -> int | None:
    """Return what an action brings to the part variable, in euros; None when it brings nothing.

    Args:
        number: of the action; None outside any.
        of_programmes: what each of its programmes brings, those that bring nothing left out.
        stored: what the coordination said for this year; 0 for nothing, None when she said nothing.
    """
    if stored is not None:
        return stored or None
    if of_programmes:
        return sum(of_programmes)
    usual = ACTIONS.get(number) if number else None
    return usual.euros if usual else None
