"""Before and after a session, by cards: a card is a pair of marks out of ten, not a person."""

from dataclasses import dataclass
from fractions import Fraction

from cpts_sessions.core import french
from cpts_sessions.reports.sentences.response_rate import FEWEST_SHOWN

WITHHELD = french.punctuate("Moins de 5 cartes complètes : résultat non publié")

FEWEST_TESTED = 20
"""No significance test on fewer cards than that."""


@dataclass(frozen=True)
class Change:
    """What the cards of one question say: medians, mean difference (after less before), cards by direction.

    « Better » follows the question: less stress, more serenity.

    Raises:
        ValueError: the directions do not add up to the cards.
    """

    cards: int
    before: Fraction
    after: Fraction
    mean: Fraction
    better: int
    same: int
    worse: int

    def __post_init__(self) -> None:
        if self.better + self.same + self.worse != self.cards:
            raise ValueError("every card is better, the same or worse")


def effect(what: str, change: Change) -> str:
    """« Le stress passe d'une médiane de 6 à 3 sur 10 (écart moyen : −2,4 points) ; sur 12 cartes : … »."""
    if change.cards < FEWEST_SHOWN:
        return WITHHELD
    before, after = french.number(change.before), french.number(change.after)
    kept = change.before == change.after
    median = f"garde une médiane de {before}" if kept else f"passe d'une médiane de {before} à {after}"
    by_direction = f"mieux pour {_n(change.better)}, stable pour {_n(change.same)}, moins bien pour {_n(change.worse)}"
    return french.punctuate(
        f"{what} {median} sur 10 ({_mean(change.mean)}) ; sur {french.number(change.cards)} cartes : {by_direction}"
    )


def effects_note(cards: int) -> str:
    """What must be known of these figures; it always follows them."""
    note = "Effet immédiat, sans groupe témoin"
    if cards < FEWEST_TESTED:
        note += f" ; pas de test statistique en dessous de {FEWEST_TESTED} cartes"
    return french.punctuate(note)


def _mean(mean: Fraction) -> str:
    if mean == 0:
        return "écart moyen nul"
    tenths = int(abs(mean) * 10 + Fraction(1, 2))
    if tenths == 0:
        return "écart moyen de moins de 0,1 point"
    shown = Fraction(tenths if mean > 0 else -tenths, 10)
    return f"écart moyen : {french.number(shown)} {french.plural(shown, 'point', 'points')}"


def _n(cards: int) -> str:
    return french.number(cards) if cards else "aucune"
