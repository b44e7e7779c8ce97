"""Answers of a poll lose their names, and stay counted: when somebody is forgotten, and in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from cpts_sessions.extensions import db
from cpts_sessions.polls.models import DatePoll, PollAnswer, PollInvitation, PollSlot, Reply

_COUNTED: dict[Reply, InstrumentedAttribute[int]] = {
    Reply.YES: PollSlot.nameless_yes,
    Reply.IF_NEEDED: PollSlot.nameless_if_needed,
    Reply.NO: PollSlot.nameless_no,
}


def forget_person(person_id: int) -> None:
    """Forget what one person was asked and said; her answers stay counted, slot by slot, without her name."""
    _forget(PollAnswer.person_id == person_id, [PollInvitation.person_id == person_id])


def forget_decided(organisation_id: int, before: datetime, unanswered_before: datetime) -> None:
    """Forget who said what in the polls decided before an instant, and in those nobody decided for too long.

    Args:
        unanswered_before: the deadline before which a poll that was never decided is forgotten too.
    """
    due = select(DatePoll.id).where(
        DatePoll.organisation_id == organisation_id,
        or_(DatePoll.closed_at <= before, DatePoll.closed_at.is_(None) & (DatePoll.deadline_at <= unanswered_before)),
    )
    slots = select(PollSlot.id).where(PollSlot.poll_id.in_(due))
    _forget(PollAnswer.slot_id.in_(slots), [PollInvitation.poll_id.in_(due)])


def _forget(answers: ColumnElement[bool], invitations: Sequence[ColumnElement[bool]]) -> None:
    """Count the answers in their slots, then delete them and the invitations."""
    said = select(PollAnswer.slot_id, PollAnswer.reply).where(answers)
    for slot_id, reply in list(db.session.execute(said)):
        column = _COUNTED[Reply(reply)]
        db.session.execute(update(PollSlot).where(PollSlot.id == slot_id).values({column: column + 1}))
    for statement in (delete(PollAnswer).where(answers), delete(PollInvitation).where(*invitations)):
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()


def join_person(keep_id: int, absorb_id: int) -> None:
    """Hang what two records of one person were asked and said on the first; what she said last is kept."""
    both = (keep_id, absorb_id)
    invitations = db.session.execute(select(PollInvitation).where(PollInvitation.person_id.in_(both))).scalars()
    answers = db.session.execute(select(PollAnswer).where(PollAnswer.person_id.in_(both))).scalars()
    _keep_latest(keep_id, [(one.poll_id, one.answered_at or one.created_at, one) for one in invitations])
    _keep_latest(keep_id, [(one.slot_id, one.answered_at, one) for one in answers])


def _keep_latest(keep_id: int, rows: Sequence[tuple[int, datetime, PollInvitation | PollAnswer]]) -> None:
    """Keep one row about each poll or slot: the one written last."""
    latest: dict[int, PollInvitation | PollAnswer] = {}
    for about, _, row in sorted(rows, key=lambda one: (one[1], one[2].id)):
        if about in latest:
            db.session.delete(latest[about])
        latest[about] = row
    db.session.flush()
    for row in latest.values():
        row.person_id = keep_id
    db.session.flush()
