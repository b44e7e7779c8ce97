"""The cards of « avant / après »: printed, cut, given at random. A number ties two answers of a card, and no person."""

import random
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Final

from cpts_sessions.core.french import typo
from cpts_sessions.documents import pdf
from cpts_sessions.documents.qr import qr_svg
from cpts_sessions.organisations.letterhead import letterhead
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires.definition import Item, Kind, Questionnaire
from cpts_sessions.questionnaires.effects import MOST

FILENAME: Final = "cartes.pdf"  # neutral
PER_PAGE: Final = 8
PER_PAGE_WITH_CODES: Final = 6
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"  # neither I, O nor Q: read as 1 and 0
_DIGITS: Final = "23456789"
_TEXTS: Final = {
    "heading": "Cartes avant/après",
    "about": "À couper et à distribuer au hasard. Le numéro relie deux réponses d’une même carte et rien d’autre. "
    "Rendez la carte en partant : seuls des tableaux de nombres sont gardés, remplis par lots d’au moins 5 cartes.",
    "before": "En arrivant",
    "after": "Avant de partir",
    "phone": "Au téléphone plutôt que sur le papier ? Scannez en arrivant, puis de nouveau avant de partir.",
    "alt": "Code QR qui ouvre la page de cette carte",
}


def numbers(count: int) -> list[str]:
    """So many different numbers of cards, such as « A7K3 », in an order nobody can guess.

    There are thousands, so that two sheets printed for one evening hardly ever share one.

    Raises:
        ValueError: more than MOST, or none.
    """
    if not 0 < count <= MOST:
        raise ValueError(f"from 1 to {MOST} cards")
    every = ["".join(signs) for signs in product(_LETTERS, _DIGITS, _LETTERS, _DIGITS)]
    return random.SystemRandom().sample(every, count)


def card_sheet(
    organisation: Organisation,
    questionnaire: Questionnaire,
    *,
    count: int = PER_PAGE,
    address: Callable[[str], str] | None = None,
    days: str = "",
) -> bytes:
    """Make the pages of cards to cut, eight on each, with the 0–10 scales of this questionnaire.

    Args:
        organisation: whose name is at the foot.
        questionnaire: what is asked on arriving, and again before leaving.
        count: how many cards.
        address: of the page where the card of a number is filled by telephone: each card then carries it as a QR
            code, six on a page. None: on paper only.
        days: when that page serves, as it is printed.

    Raises:
        ValueError: as `numbers`.
    """
    return pdf.compile("cards", sheet_values(organisation, questionnaire, numbers(count), address, days))


def sheet_values(
    organisation: Organisation,
    questionnaire: Questionnaire,
    drawn: Sequence[str],
    address: Callable[[str], str] | None,
    days: str,
) -> dict[str, Any]:
    """Return what the pages of these numbers say; the arguments are those of `card_sheet`."""
    return {
        "head": letterhead(organisation),
        "title": _TEXTS["heading"],
        "texts": {name: typo(words) for name, words in {**_TEXTS, "days": days}.items()},
        "items": [_scale(item) for item in questionnaire.items if item.kind is Kind.SCALE],
        "numbers": list(drawn),
        "codes": [qr_svg(address(number)).decode() for number in drawn] if address else [],
    }


def _scale(item: Item) -> dict[str, Any]:
    return {"label": typo(item.label), "ends": [typo(end) for end in item.bounds or ()]}
