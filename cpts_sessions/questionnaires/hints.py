"""What opened boxes suggest for the season to come, a slot or the place; nothing that fewer than five chose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from cpts_sessions.core.clock import today
from cpts_sessions.core.french import listing, typo
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires.definition import parse
from cpts_sessions.questionnaires.models import Answer, Box, BoxState
from cpts_sessions.questionnaires.rules import FEWEST
from cpts_sessions.questionnaires.synthesis import Tally, tally_of

#: The question that asks for slots, and the one that asks what to improve, by questionnaire.
_SLOTS: Final = {"gapp_eval": "g9"}
_IMPROVEMENTS: Final = {"cercle_eval": "c6", "gapp_eval": "g8"}
#: What of the improvements is about the place, as a sentence goes on with it.
_PLACE: Final = {
    "Température de la salle": "température de la salle",
    "Confort ou chaleur du lieu": "confort ou chaleur du lieu",
    "Discrétion du lieu": "discrétion du lieu",
    "Autre lieu ou visioconférence": "autre lieu ou visioconférence",
}


@dataclass(frozen=True)
class BoxHint:
    """One sentence of one opened box. `is_of_place`: about the place, else about a slot."""

    box: Box
    sentence: str
    is_of_place: bool


def box_hints(organisation_id: int) -> list[BoxHint]:
    """Return what the boxes opened last suggest, until 31 March of the year that follows theirs."""
    year = today().year
    years = [one for one in (year - 1, year) if today() < date(one + 1, 4, 1)]
    statement = (
        select(Box)
        .join(Box.programme)
        .where(Box.organisation_id == organisation_id, Box.state == BoxState.OPENED, Box.year.in_(years))
        .options(contains_eager(Box.programme), joinedload(Box.questionnaire))
        .order_by(Box.year, Box.id)
    )
    boxes = [one for one in db.session.execute(statement).scalars() if not one.programme.is_archived]
    given = _given([one.id for one in boxes])
    return [hint for one in boxes for hint in _of_box(one, given.get(one.id, {}))]


def _given(box_ids: Sequence[int]) -> dict[int, dict[str, list[Any]]]:
    """Return the values of those two questions, by box then by question."""
    found: dict[int, dict[str, list[Any]]] = {}
    if not box_ids:
        return found
    asked = {*_SLOTS.values(), *_IMPROVEMENTS.values()}
    statement = select(Answer.box_id, Answer.question, Answer.value)
    for box_id, question, value in db.session.execute(
        statement.where(Answer.box_id.in_(box_ids), Answer.question.in_(asked))
    ):
        found.setdefault(box_id, {}).setdefault(question, []).append(value)
    return found


def _of_box(box: Box, values: Mapping[str, Sequence[Any]]) -> Iterator[BoxHint]:
    slots = _tally(box, values, _SLOTS)
    most = max((count for _, count in slots.counts), default=0) if slots else 0
    if slots and most >= FEWEST:
        first = listing([f"« {option} »" for option, count in slots.counts if count == most])
        share = f"{most} sur {slots.answered} répondants"
        yield BoxHint(box, typo(f"Créneau le plus demandé dans les questionnaires : {first}, {share}."), False)
    improvements = _tally(box, values, _IMPROVEMENTS)
    counts = improvements.counts if improvements else ()
    remarks = [_PLACE[option] for option, count in counts if option in _PLACE and count >= FEWEST]
    if remarks:
        told = f"Remarques sur le lieu : {listing(remarks)}. À voir avant la prochaine saison."
        yield BoxHint(box, typo(told), True)


def _tally(box: Box, values: Mapping[str, Sequence[Any]], item_of: Mapping[str, str]) -> Tally | None:
    """Return the counts of the question that is asked for in each questionnaire; None when this one does not ask it."""
    questionnaire = box.questionnaire
    if questionnaire.slug not in item_of:
        return None
    try:
        return tally_of(parse(questionnaire.slug, questionnaire.definition), values, item_of[questionnaire.slug])
    except KeyError:
        return None
