"""The cards of « avant / après »: printed, cut, given at random. A number ties two answers of a card, and no person."""

import random
from typing import Any, Final

from cpts_sessions.core.french import typo
from cpts_sessions.documents import pdf
from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires.definition import Kind, Questionnaire

FILENAME: Final = "cartes.pdf"  # neutral
PER_PAGE: Final = 8
MOST: Final = 80
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"  # neither I, O nor Q: read as 1 and 0
_DIGITS: Final = "23456789"
_ABOUT = (
    "À couper et à distribuer au hasard. Le numéro relie deux réponses d’une même carte et rien d’autre. Rendez la"
    " carte en partant : seuls des tableaux de nombres sont gardés, remplis par lots d’au moins 5 cartes."
)


def numbers(count: int) -> list[str]:
    """So many different numbers of cards, such as « A7 », in an order nobody can guess.

    Raises:
        ValueError: more than MOST, or none.
    """
    if not 0 < count <= MOST:
        raise ValueError(f"from 1 to {MOST} cards")
    every = [letter + digit for letter in _LETTERS for digit in _DIGITS]
    return random.SystemRandom().sample(every, count)


def card_sheet(organisation: Organisation, questionnaire: Questionnaire, *, count: int = PER_PAGE) -> bytes:
    """Make the pages of cards to cut, eight on each, with the 0–10 scales of this questionnaire.

    Raises:
        ValueError: as `numbers`.
    """
    items: list[dict[str, Any]] = [
        {"label": typo(item.label), "ends": [typo(end) for end in item.bounds or ()]}
        for item in questionnaire.items
        if item.kind is Kind.SCALE
    ]
    texts = {
        "heading": "Cartes avant/après",
        "about": typo(_ABOUT),
        "before": "En arrivant",
        "after": "Avant de partir",
    }
    return pdf.compile(
        "cards",
        {
            "head": letterhead(organisation),
            "title": texts["heading"],
            "texts": texts,
            "items": items,
            "numbers": numbers(count),
        },
    )
