"""What people wrote in an opened box, read one by one before any of it may leave: kept, words masked, or put aside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import definition, services
from cpts_sessions.questionnaires.models import Answer, Box, BoxState, Verbatim
from cpts_sessions.questionnaires.rules import FEWEST
from cpts_sessions.questionnaires.synthesis import text_keys

#: What stands for the words that are masked.
MASK = "[…]"


@dataclass(frozen=True)
class Written:
    """One text, and what was decided of it: None as long as nobody read it."""

    answer_id: UUID
    question: str
    label: str
    text: str
    decision: Verbatim | None

    @property
    def words(self) -> list[str]:
        """What may be masked, one by one."""
        return self.text.split()


def written(box: Box) -> list[Written]:
    """Return every text of an opened box, in the order of the questions, then in none; empty before the opening.

    What stands beside « Autre » says that somebody ticked it: below five answers to its question, it is left out.
    """
    return _written([box])[box.id]


def quotable(box: Box) -> list[str]:
    """Return the texts of a box that were read and kept, as they may be quoted."""
    return quotable_in([box])[box.id]


def quotable_in(boxes: Sequence[Box]) -> dict[int, list[str]]:
    """Return the texts of these boxes that may be quoted, by the id of the box; two queries, whatever their number."""
    return {
        box_id: [one.decision.text for one in texts if one.decision and one.decision.is_kept]
        for box_id, texts in _written(boxes).items()
    }


def _written(boxes: Sequence[Box]) -> dict[int, list[Written]]:
    asked = {box.id: definition.parse(box.questionnaire.slug, box.questionnaire.definition) for box in boxes}
    labels = {
        box_id: {key: item.label for item in one.items for key in text_keys(item)} for box_id, one in asked.items()
    }
    statement = (
        select(Answer, Verbatim)
        .outerjoin(Verbatim, Verbatim.answer_id == Answer.id)
        .where(Answer.box_id.in_(asked), Answer.question.in_({key for known in labels.values() for key in known}))
        .order_by(Answer.id)
    )
    rows = db.session.execute(statement).all()
    withheld = _withheld(asked)
    texts: dict[int, list[Written]] = {box_id: [] for box_id in asked}
    for row, seen in rows:
        label = labels[row.box_id].get(row.question)
        if label is not None and (row.box_id, row.question) not in withheld:
            texts[row.box_id].append(Written(row.id, row.question, label, str(row.value), seen))
    return {box_id: _in_order(found, list(labels[box_id])) for box_id, found in texts.items()}


def _in_order(texts: Sequence[Written], keys: Sequence[str]) -> list[Written]:
    return sorted(texts, key=lambda one: keys.index(one.question))


def _withheld(asked: Mapping[int, definition.Questionnaire]) -> set[tuple[int, str]]:
    """Return (box, key) of what was written beside an option of a question that too few answered."""
    beside = {(box_id, item.id) for box_id, one in asked.items() for item in one.items if item.precision}
    statement = (
        select(Answer.box_id, Answer.question)
        .where(Answer.box_id.in_(asked), Answer.question.in_({item_id for _, item_id in beside}))
        .group_by(Answer.box_id, Answer.question)
        .having(func.count() >= FEWEST)
    )
    enough = {(row.box_id, row.question) for row in db.session.execute(statement)}
    return {(box_id, item_id + definition.PRECISION) for box_id, item_id in beside - enough}


def keep(box_id: int, answer_id: UUID, masked: Collection[int], *, actor_id: int) -> None:
    """Keep a text, these words of it masked, by their place from 0; deciding again replaces what was decided.

    Raises:
        RuleBroken: the text is not of this box, or no word of it would be left.
    """
    with transaction():
        box, answer = _locked(box_id, answer_id)
        text = with_mask(str(answer.value), masked)
        if text == MASK:
            raise RuleBroken("Plus rien ne serait lisible : écartez plutôt ce commentaire.")
        _decide(box, answer, is_kept=True, text=text, actor_id=actor_id)


def put_aside(box_id: int, answer_id: UUID, *, actor_id: int) -> None:
    """Put a text aside: it is never quoted.

    Raises:
        RuleBroken: the text is not of this box.
    """
    with transaction():
        box, answer = _locked(box_id, answer_id)
        _decide(box, answer, is_kept=False, text="", actor_id=actor_id)


def with_mask(text: str, masked: Collection[int]) -> str:
    """Return a text with some of its words masked; words masked side by side count as one mask."""
    shown: list[str] = []
    for place, word in enumerate(text.split()):
        if place not in masked:
            shown.append(word)
        elif not shown or shown[-1] != MASK:
            shown.append(MASK)
    return " ".join(shown)


def _locked(box_id: int, answer_id: UUID) -> tuple[Box, Answer]:
    """Return the box and the text, the answer's row locked so that two decisions follow each other."""
    box = db.session.get_one(Box, box_id)
    statement = select(Answer).where(Answer.box_id == box_id, Answer.id == answer_id).with_for_update()
    answer = db.session.execute(statement).scalar_one_or_none()
    asked = definition.parse(box.questionnaire.slug, box.questionnaire.definition)
    texts = {key for item in asked.items for key in text_keys(item)}
    if answer is None or box.state != BoxState.OPENED or answer.question not in texts:
        raise RuleBroken("Ce commentaire n’est pas de cette urne. Rien n’a changé.")
    return box, answer


def _decide(box: Box, answer: Answer, *, is_kept: bool, text: str, actor_id: int) -> None:
    seen = db.session.execute(select(Verbatim).where(Verbatim.answer_id == answer.id)).scalar_one_or_none()
    if seen is None:
        organisation_id = box.organisation_id
        db.session.add(Verbatim(organisation_id=organisation_id, answer_id=answer.id, is_kept=is_kept, text=text))
    else:
        seen.is_kept, seen.text, seen.decided_at = is_kept, text, now()
    kind = "commentaire_relu" if is_kept else "commentaire_ecarte"
    audit.record(box.organisation_id, kind, actor_id=actor_id, **services.which(box))
    db.session.flush()
