"""Who may fill a slot, when two records of one person become one."""

from sqlalchemy import select

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.questionnaires import keys, queries, services
from cpts_sessions.questionnaires.models import Box, BoxState, QuestionnaireLink


def join_links(keep_id: int, absorb_id: int) -> None:
    """Hang the links of one person on another; in a box where both hold a slot, one is left with the ballot there is.

    The slot that goes is always the absorbed one's, and all the others are sealed anew: nothing tells which was empty.
    """
    with transaction():
        statement = select(QuestionnaireLink).where(QuestionnaireLink.person_id.in_((keep_id, absorb_id)))
        rows = list(db.session.execute(statement.order_by(QuestionnaireLink.box_id)).scalars())
        mine = {row.box_id: row for row in rows if row.person_id == keep_id}
        for absorbed in rows:
            if absorbed.person_id != absorb_id:
                continue
            kept = mine.get(absorbed.box_id)
            if kept is None:
                absorbed.person_id = keep_id
                continue
            box = queries.lock_box(kept.box_id)
            if box.state == BoxState.COLLECTING:
                _join_slots(box, kept, absorbed)
            kept.due_at, kept.sent_at = kept.due_at or absorbed.due_at, kept.sent_at or absorbed.sent_at
            db.session.delete(absorbed)
        db.session.flush()


def _join_slots(box: Box, kept: QuestionnaireLink, absorbed: QuestionnaireLink) -> None:
    hers, gone = (links.digest_for(Purpose.QUESTIONNAIRE, link.public_id) for link in (kept, absorbed))
    try:
        sealer = services.sealer_of(box)
    except keys.KeyMissing:  # the slot stays, with nobody's link; it is counted among those invited
        return
    slots = queries.lock_slots(box.id)
    ballots = {slot.token_hash or slot.id.bytes: sealer.unseal(slot.id, slot.sealed) for slot in slots}
    ballots[hers] = ballots[hers] or ballots[gone]
    others = [slot for slot in slots if slot.token_hash != gone]
    services.reseal(sealer, {slot.id: ballots[slot.token_hash or slot.id.bytes] for slot in others})
    for slot in slots:
        if slot.token_hash == gone:
            db.session.delete(slot)
    db.session.flush()
