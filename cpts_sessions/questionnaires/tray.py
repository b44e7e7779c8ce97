"""Cards filled by telephone, until five are complete: what the sealed text of `WaitingCards` holds. Pure.

Of a complete card the number is forgotten beside its marks: it is kept apart, to refuse it a second time that day.
Nothing is in the order in which it came.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.questionnaires.definition import LARGEST_BALLOT_BYTES
from cpts_sessions.questionnaires.effects import MOST, Card, Marks
from cpts_sessions.questionnaires.rules import FEWEST
from cpts_sessions.questionnaires.sealed_box import EMPTY

COMPLETE_ALREADY: Final = (
    "Cette carte est déjà remplie. Vérifiez le numéro ; si c’est bien le vôtre, il n’y a plus rien à faire."
)
NEVER_BEGUN: Final = (
    "Aucune réponse d’arrivée pour cette carte. Vérifiez le numéro ; si vous aviez répondu sur le papier, "
    "continuez sur le papier."
)
FULL: Final = "Il n’y a plus de place pour les réponses au téléphone : remplissez la carte en papier et rendez-la."


@dataclass
class Tray:
    """Cards begun and numbers used, by evening; complete cards, without number or evening.

    An evening is `evening_key`: a day and a session.
    """

    begun: dict[str, dict[str, Marks]] = field(default_factory=dict)
    used: dict[str, list[str]] = field(default_factory=dict)
    complete: list[Card] = field(default_factory=list)

    def arrive(self, evening: str, number: str, marks: Marks) -> None:
        """Keep the first marks of a card, in place of those given before.

        Raises:
            RuleBroken: the card is complete, or there are too many.
        """
        self._check_unused(evening, number)
        begun = self.begun.setdefault(evening, {})
        if number not in begun and len(begun) + len(self.used.get(evening, ())) >= MOST:
            raise RuleBroken(FULL)
        begun[number] = marks

    def leave(self, evening: str, number: str, marks: Marks) -> None:
        """Complete a card.

        Raises:
            RuleBroken: it is complete already, or nothing was answered on arriving.
        """
        self._check_unused(evening, number)
        before = self.begun.get(evening, {}).pop(number, None)
        if before is None:
            raise RuleBroken(NEVER_BEGUN)
        self.used.setdefault(evening, []).append(number)
        self.complete.append(Card(before, marks))

    def take(self) -> list[Card]:
        """Return the complete cards and forget them; nothing happens under five."""
        if len(self.complete) < FEWEST:
            return []
        taken, self.complete = self.complete, []
        return taken

    def forget_before(self, day: date) -> None:
        """Drop cards begun and numbers used on earlier days: nobody can complete them any more."""
        for kept in (self.begun, self.used):
            for evening in [one for one in kept if one < day.isoformat()]:
                del kept[evening]

    def _check_unused(self, evening: str, number: str) -> None:
        if number in self.used.get(evening, ()):
            raise RuleBroken(COMPLETE_ALREADY)


def evening_key(day: date, group_session_id: int) -> str:
    """Return what a session is called in a tray; in the order of days."""
    return f"{day.isoformat()} {group_session_id}"


def read(written: bytes) -> Tray:
    """Return the tray of these bytes; an empty one when there are none."""
    if written == EMPTY:
        return Tray()
    held: Mapping[str, Any] = json.loads(written)
    return Tray(
        begun=held["begun"], used=held["used"], complete=[Card(before, after) for before, after in held["complete"]]
    )


def write(tray: Tray) -> bytes:
    """Return the bytes of a tray, everything sorted.

    Raises:
        RuleBroken: they are too many to be sealed.
    """
    held = {
        "begun": {evening: cards for evening, cards in tray.begun.items() if cards},
        "used": {evening: sorted(numbers) for evening, numbers in tray.used.items()},
        "complete": sorted(([card.before, card.after] for card in tray.complete), key=json.dumps),
    }
    written = json.dumps(held, sort_keys=True, separators=(",", ":")).encode()
    if len(written) > LARGEST_BALLOT_BYTES:
        raise RuleBroken(FULL)
    return written
