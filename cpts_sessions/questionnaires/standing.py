"""Where a box stands, as the coordination may know it: a yes or a no, never how many answered before the opening."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cpts_sessions.core.french import day, typo
from cpts_sessions.questionnaires import rules
from cpts_sessions.questionnaires.models import Box, BoxState
from cpts_sessions.questionnaires.wording import opened_on

#: The days before its end in which a box is pointed out, ready or not.
LAST_DAYS: Final = timedelta(days=15)


@dataclass(frozen=True)
class Standing:
    """What a screen says of a box: a word, a sentence, and what may be done now."""

    word: str
    sentence: str
    is_collecting: bool = False
    is_opened: bool = False
    can_be_opened: bool = False
    can_be_closed: bool = False


@dataclass(frozen=True)
class ToDecide:
    """A box that may be opened now, or that ends soon; `ends_on` is when it does by itself."""

    box: Box
    can_be_opened: bool
    ends_on: date
    is_ending: bool


def to_decide(collecting: Iterable[Box], today: date) -> list[ToDecide]:
    """Return the boxes that wait for the coordination on a day, among those that still take answers."""
    found = []
    for box in collecting:
        end = rules.ends_on(box.year)
        can_be_opened = standing(box, today).can_be_opened
        is_ending = end - LAST_DAYS <= today
        if can_be_opened or is_ending:
            found.append(ToDecide(box, can_be_opened, end, is_ending))
    return found


def standing(box: Box, today: date) -> Standing:
    """Say where a box stands on a day."""
    if box.state == BoxState.OPENED:
        return Standing("Dépouillée", typo(f"Dépouillée le {opened_on(box)}."), is_opened=True)
    if box.state == BoxState.CARRIED:
        return Standing("Reportée", "Moins de 5 réponses, reportées à l’année suivante.")
    if box.state == BoxState.DESTROYED:
        return Standing("Détruite", "Moins de 5 réponses en 24 mois : détruite sans être lue.")
    return _collecting(box, today)


def _collecting(box: Box, today: date) -> Standing:
    from_day, end = day(rules.opens_from(box.year)), day(rules.ends_on(box.year))
    can_be_closed = today < rules.opens_from(box.year)
    if today < rules.looked_at_from(box.year):
        first = day(rules.looked_at_from(box.year))
        return Standing(
            "Scellée",
            typo(f"Elle reçoit les réponses. Avant le {first}, rien n’est dit sur ce qu’elle contient."),
            is_collecting=True,
            can_be_closed=can_be_closed,
        )
    if not box.is_ready:
        told = "Pas prête. Ce renseignement est mis à jour une fois par jour ; le nombre n’est jamais montré."
        return Standing("Pas prête", typo(told), is_collecting=True, can_be_closed=can_be_closed)
    return Standing(
        "Prête",
        typo(f"Prête. Vous pouvez la dépouiller à partir du {from_day} ; elle le sera d’office le {end}."),
        is_collecting=True,
        can_be_opened=not can_be_closed,
        can_be_closed=can_be_closed,
    )
