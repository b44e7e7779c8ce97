"""Two marks out of ten on a card, on arriving and before leaving: what is asked, and what many cards amount to. Pure.

A card is a pair of answers, not a person. Only complete cards are counted, and never fewer than five at once.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import Final

from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.questionnaires import definition
from cpts_sessions.questionnaires.definition import SCALE, Answers, Questionnaire
from cpts_sessions.questionnaires.rules import FEWEST

#: What a programme asks on cards, by what it asks once a year.
_CARDS_OF: Final = {"cercle_eval": "cercle_effets"}
#: So many cards at most of one evening, or typed at once.
MOST: Final = 80
TOO_FEW: Final = (
    f"Moins de {FEWEST} cartes complètes : gardez le papier, sans nom, jusqu’à en avoir {FEWEST}. "
    "Rien n’est encore enregistré."
)
NUMBER_UNKNOWN: Final = "Recopiez le numéro écrit sur votre carte : deux lettres et deux chiffres, comme A2B3."
_NUMBER: Final = re.compile("(?:[A-Z][0-9]){2}")

Marks = Mapping[str, int]
#: How many cards went from one mark to another.
Pairs = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Card:
    """The marks of one card, on arriving and before leaving, by question."""

    before: Marks
    after: Marks


@dataclass(frozen=True)
class Effect:
    """What the cards of one question amount to. « Better » follows the question: less stress, more serenity.

    `mean` is the mean of the differences, after less before.
    """

    cards: int
    before: Fraction
    after: Fraction
    mean: Fraction
    better: int
    same: int
    worse: int


def asked_on_cards(questionnaire_slug: str | None) -> Questionnaire | None:
    """Return what is asked on the cards of a programme, every mark expected; None when it has no cards."""
    if questionnaire_slug not in _CARDS_OF:
        return None
    source = definition.default(_CARDS_OF[questionnaire_slug])
    return replace(source, items=tuple(replace(item, is_required=True) for item in source.items))


def marks_of(asked: Questionnaire, answers: Answers) -> dict[str, int]:
    """Return the marks of one passage, a question without one left out."""
    marks = ((item.id, answers.get(item.id)) for item in asked.items)
    return {key: mark for key, mark in marks if isinstance(mark, int) and mark in SCALE}


def number_of(typed: str) -> str:
    """Return the number of a card as it is printed, however it was typed.

    Raises:
        RuleBroken: no card has such a number.
    """
    number = "".join(typed.split()).upper()
    if not _NUMBER.fullmatch(number):
        raise RuleBroken(NUMBER_UNKNOWN)
    return number


def check_batch(asked: Questionnaire, cards: Sequence[Card]) -> None:
    """Refuse a batch that would show what fewer than five people answered.

    Raises:
        RuleBroken: fewer than five cards, or one that is not complete.
    """
    if len(cards) < FEWEST:
        raise RuleBroken(TOO_FEW)
    expected = {item.id for item in asked.items}
    marks = [marks for card in cards for marks in (card.before, card.after)]
    if any(one.keys() != expected or not set(one.values()) <= set(SCALE) for one in marks):
        raise RuleBroken("Une carte compte quand elle a une note à chaque ligne, en arrivant et avant de partir.")


def is_its_day(starts_at: datetime, ends_at: datetime, day: date) -> bool:
    """Whether the telephone takes the cards of a session: on its day, and the next when it ends after midnight."""
    return local(starts_at).date() <= day <= local(ends_at).date()


def has_middle_passed(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Whether a card is rather the one of leaving than the one of arriving."""
    return at >= starts_at + (ends_at - starts_at) / 2


def counts_of(cards: Sequence[Card], item_id: str) -> Counter[tuple[int, int]]:
    """Count the pairs of marks of one question."""
    return Counter((card.before[item_id], card.after[item_id]) for card in cards)


def effect_of(pairs: Pairs, *, lower_is_better: bool) -> Effect | None:
    """Return what a table of pairs amounts to; None under five cards."""
    cards = sum(pairs.values())
    if cards < FEWEST:
        return None
    rises, falls = (
        sum(count for (before, after), count in pairs.items() if (after - before) * way > 0) for way in (1, -1)
    )
    better, worse = (falls, rises) if lower_is_better else (rises, falls)
    return Effect(
        cards=cards,
        before=_median([before for (before, _), count in pairs.items() for _ in range(count)]),
        after=_median([after for (_, after), count in pairs.items() for _ in range(count)]),
        mean=Fraction(sum((after - before) * count for (before, after), count in pairs.items()), cards),
        better=better,
        same=cards - better - worse,
        worse=worse,
    )


def _median(marks: Sequence[int]) -> Fraction:
    return Fraction(median(marks))
