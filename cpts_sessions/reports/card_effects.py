"""What the cards « avant / après » of a year say, in the sentences of the report; nothing of fewer than five."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from cpts_sessions.core.french import number
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires import effect_counts
from cpts_sessions.questionnaires.effects import Effect, Pairs, asked_on_cards, effect_of
from cpts_sessions.reports.sentences.effects import Change, effect, effects_note

#: What each question is about, as a heading, and as the subject of its sentence.
_ABOUT: Final = {
    "e1": ("Stress", "Le stress"),
    "e2": ("Fatigue", "La fatigue"),
    "e3": ("Isolement professionnel", "L’isolement professionnel"),
    "e4": ("Sérénité", "La sérénité"),
}


HEADINGS: Final = {item_id: heading for item_id, (heading, _) in _ABOUT.items()}


@dataclass(frozen=True)
class Told:
    """One question: its heading, its figures, its sentence without full stop."""

    heading: str
    effect: Effect
    sentence: str
    lower_is_better: bool


@dataclass(frozen=True)
class CardEffects:
    """What the cards of a programme and a year say; `note` always follows."""

    programme_id: int
    cards: int
    told: Sequence[Told]

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence a question, without full stop, in the order of the cards."""
        return tuple(one.sentence for one in self.told)

    @property
    def note(self) -> str:
        """« Effet immédiat, sans groupe témoin »."""
        return effects_note(self.cards)

    @property
    def reading(self) -> str:
        """What the drawing says: « Stress de 6 à 3, sérénité de 4 à 7 »."""
        said = [
            f"{one.heading.lower() if place else one.heading} de {number(one.effect.before)}"
            f" à {number(one.effect.after)}"
            for place, one in enumerate(self.told)
        ]
        return ", ".join(said)


def effects_of(programme: Programme, year: int) -> CardEffects | None:
    """Return what the cards of a programme say of a year; None without five complete ones."""
    return _effects(programme.id, programme.questionnaire_slug, effect_counts.tables(programme.id, year))


def effects_of_year(organisation_id: int, year: int) -> dict[int, CardEffects]:
    """Return what the cards of every programme say of a year, by the id of the programme; two queries."""
    tables = effect_counts.tables_of_year(organisation_id, year)
    statement = (
        select(Programme.id, Programme.questionnaire_slug)
        .where(Programme.organisation_id == organisation_id)
        .order_by(Programme.sort_order, Programme.id)
    )
    programmes = [row for row in db.session.execute(statement) if row.id in tables]
    said = (_effects(row.id, row.questionnaire_slug, tables[row.id]) for row in programmes)
    return {one.programme_id: one for one in said if one}


def _effects(programme_id: int, questionnaire_slug: str | None, tables: Mapping[str, Pairs]) -> CardEffects | None:
    asked = asked_on_cards(questionnaire_slug)
    told = []
    for item in asked.items if asked else ():
        lower_is_better = bool(item.lower_is_better)
        found = effect_of(tables.get(item.id, {}), lower_is_better=lower_is_better)
        if found is not None:
            heading, subject = _ABOUT[item.id]
            told.append(Told(heading, found, effect(subject, _change(found)), lower_is_better))
    return CardEffects(programme_id, max(one.effect.cards for one in told), told) if told else None


def _change(found: Effect) -> Change:
    return Change(
        cards=found.cards,
        before=found.before,
        after=found.after,
        mean=found.mean,
        better=found.better,
        same=found.same,
        worse=found.worse,
    )
