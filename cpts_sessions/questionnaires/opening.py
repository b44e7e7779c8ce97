"""A box is opened, carried into the next year, or destroyed; and its key goes.

Opening unseals every ballot once, in one transaction: the values of each question are shuffled by themselves, the slots
are deleted, and only then, once that is committed, is the key removed. Killed in between, the box is opened and its key
is swept away when the worker starts again.
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select

from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now, today
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.services import drop_leading_to
from cpts_sessions.questionnaires import asking, definition, keys, messages, queries, rules, services
from cpts_sessions.questionnaires.models import Answer, Box, BoxState, Slot, SlotKind
from cpts_sessions.questionnaires.sealed_box import EMPTY

_log = logging.getLogger(__name__)
_chance = secrets.SystemRandom()


@dataclass(frozen=True)
class Ballot:
    """One unsealed ballot, in memory only."""

    kind: str
    token_hash: bytes | None
    content: bytes


def open_box(box_id: int, *, actor_id: int | None) -> None:
    """Open a box for ever: nobody can answer any more, and the answers are mixed.

    Raises:
        RuleBroken: before 10 December, or too few ballots, or the key is missing; nothing was written.
    """
    with transaction():
        box = _lock(box_id)
        rules.check_can_be_opened(box.year, today(), is_ready=box.is_ready)
        ballots = unsealed(box)
        if not count(ballots).is_enough:
            raise RuleBroken(rules.NOT_READY)
        _open(box, ballots, actor_id)
    sweep_keys()


def open_papers(box_id: int, *, actor_id: int | None) -> None:
    """Open the box of a past year made of paper ballots only, as an import brings them, on any day.

    Raises:
        RuleBroken: a personal link leads to it, or it holds fewer than five ballots; nothing was written.
    """
    with transaction():
        box = _lock(box_id)
        ballots = unsealed(box)
        if any(ballot.kind == SlotKind.PERSONAL for ballot in ballots) or not count(ballots).is_enough:
            raise RuleBroken(rules.NOT_READY)
        _open(box, ballots, actor_id)
    sweep_keys()


def close_year(box_id: int, *, actor_id: int | None) -> BoxState:
    """End the collection of a year before its time, for ever: the box is opened, or carried when it may not be.

    It can be tried once: whoever could try again would learn when the fifth answer came.

    Returns:
        What became of it.

    Raises:
        RuleBroken: 10 December has come, or the key is missing.
    """
    with transaction():
        box = _lock(box_id)
        rules.check_year_can_be_closed(box.year, today())
        _end(box, unsealed(box), actor_id)
        state = BoxState(box.state)
    sweep_keys()
    return state


def look_at_boxes() -> None:
    """Look once a day, from 1 December on, whether each box is ready; end those whose time has come.

    The first turn after midnight does it, so that the hour of an answer is not told.
    """
    day = today()
    statement = select(Box).where(Box.state == BoxState.COLLECTING).order_by(Box.year, Box.id)
    for box in db.session.execute(statement).scalars().all():
        is_over = rules.is_at_its_end(box.year, box.since, day)
        if is_over or rules.is_looked_at(box.looked_at, box.year, day):
            _look(box.id)
    sweep_keys()


def renew(box_id: int) -> None:
    """Give a box whose key is lost another one: it collects again, empty, under the same links.

    What was sealed with the lost key can be read by nobody; paper ballots go, they may be typed in again.

    Raises:
        RuleBroken: it is no longer sealed, or its key is where it should be.
    """
    with transaction():
        box = _lock(box_id)
        if keys.is_there(box.key_id):
            raise RuleBroken("La clé de cette urne est à sa place : rien n’a changé.")
        box.key_id, box.is_ready = uuid4(), False
        keys.create(box.key_id)
        papers = delete(Slot).where(Slot.box_id == box.id, Slot.kind == SlotKind.PAPER.value)
        db.session.execute(papers.execution_options(synchronize_session=False))
        services.reseal(services.sealer_of(box), {slot.id: EMPTY for slot in queries.lock_slots(box.id)})
        _audit("urne_renouvelee", box, None)


def sweep_keys() -> None:
    """Remove the keys of the boxes that ended, as committed: at the start of the worker, after each opening.

    A key of no box known here is left alone: the database may be another one, about to be filled.
    """
    known = keys.kept()
    if not known:
        return
    ended = select(Box.key_id).where(Box.state != BoxState.COLLECTING)
    with db.engine.connect() as connection:  # beside any transaction under way: only what is committed counts
        gone = known.intersection(connection.execute(ended).scalars())
        connection.rollback()
    for key_id in gone:
        keys.remove(key_id)


def unsealed(box: Box) -> list[Ballot]:
    """Return every ballot of a locked box, the empty ones included; its slots are locked until the transaction ends.

    Raises:
        KeyMissing: its key is not where it should be.
    """
    sealer = services.sealer_of(box)
    return [
        Ballot(slot.kind, slot.token_hash, sealer.unseal(slot.id, slot.sealed)) for slot in queries.lock_slots(box.id)
    ]


def count(ballots: Sequence[Ballot]) -> rules.Count:
    """Count the ballots that are not empty."""
    filled = [ballot.kind for ballot in ballots if ballot.content != EMPTY]
    return rules.Count(personal=filled.count(SlotKind.PERSONAL), paper=filled.count(SlotKind.PAPER))


def _lock(box_id: int) -> Box:
    box = queries.lock_box(box_id)
    if box.state != BoxState.COLLECTING:
        raise RuleBroken("Cette urne n’est plus scellée : rien n’a changé.")
    return box


def _look(box_id: int) -> None:
    with transaction():
        box = queries.lock_box(box_id)
        if box.state != BoxState.COLLECTING:
            return
        is_over = rules.is_at_its_end(box.year, box.since, today())
        try:
            ballots = unsealed(box)
        except keys.KeyMissing:
            if today() >= rules.oldest_day(box.since):
                _destroy(box)
            elif rules.is_looked_at(box.looked_at, box.year, today()):
                _log.error("the key of a box is missing; see cpts-sessions doctor")
                box.looked_at = now()
            return
        if is_over:
            _end(box, ballots, None)
            return
        box.looked_at = now()
        box.is_ready = box.is_ready or count(ballots).is_enough


def _end(box: Box, ballots: Sequence[Ballot], actor_id: int | None) -> None:
    if count(ballots).is_enough:
        _open(box, ballots, actor_id)
    elif rules.is_carried(box.year, box.since, today(), holds_last_year=box.holds_last_year):
        _carry(box, ballots, actor_id)
    else:
        _destroy(box)
        messages.destroyed(box)


def _open(box: Box, ballots: Sequence[Ballot], actor_id: int | None) -> None:
    rows = shuffled([ballot.content for ballot in ballots if ballot.content != EMPTY])
    values = [{"id": uuid4(), "box_id": box.id, "question": question, "value": value} for question, value in rows]
    if values:
        db.session.connection().execute(insert(Answer), values)
    counted = count(ballots)
    box.respondents, box.on_paper = counted.personal + counted.paper, counted.paper
    box.invited = sum(ballot.kind == SlotKind.PERSONAL for ballot in ballots) + box.invited_elsewhere
    _leave(box, BoxState.OPENED)
    _audit("urne_depouillee", box, actor_id)
    messages.opened(box)


def shuffled(ballots: Sequence[bytes]) -> list[tuple[str, Any]]:
    """Return the answers to every question, each question shuffled by itself, so that no two belong together."""
    by_question: dict[str, list[Any]] = defaultdict(list)
    for ballot in ballots:
        for question, value in _values(definition.decode(ballot)):
            by_question[question].append(value)
    rows: list[tuple[str, Any]] = []
    for question in sorted(by_question):
        values = by_question[question]
        _chance.shuffle(values)
        rows += [(question, value) for value in values]
    return rows


def _values(answers: definition.Answers) -> Iterator[tuple[str, Any]]:
    for key, value in answers.items():
        if isinstance(value, dict):  # a matrix: each row is a question of its own
            yield from ((f"{key}/{row}", option) for row, option in value.items())
        else:
            yield key, value


def _carry(box: Box, ballots: Sequence[Ballot], actor_id: int | None) -> None:
    """Seal these ballots in the box of the next year: one slot per person, the one that is not empty."""
    following = services.collecting_box(box.programme, box.year + 1, questionnaire_id=box.questionnaire_id)
    sealer = services.sealer_of(following)
    kept = {slot.id: sealer.unseal(slot.id, slot.sealed) for slot in queries.lock_slots(following.id)}
    slot_of = {slot.token_hash: slot.id for slot in queries.lock_slots(following.id)}
    holder = {links.digest_for(Purpose.QUESTIONNAIRE, one.public_id): one for one in queries.links_of_box(box.id)}
    there = {one.person_id: one for one in queries.links_of_box(following.id)}
    personal: list[tuple[bytes | None, bytes]] = []
    for ballot in ballots:
        if ballot.kind == SlotKind.PAPER:
            continue
        link = holder.get(ballot.token_hash or b"")
        hers = there.get(link.person_id) if link else None
        if link is None:  # her data were erased: nothing leads to her slot any more
            personal.append((secrets.token_bytes(32), ballot.content))
        elif hers is None:
            personal.append((services.give_link(following, link.person_id, due_at=None), ballot.content))
        else:
            slot = slot_of[links.digest_for(Purpose.QUESTIONNAIRE, hers.public_id)]
            kept[slot] = kept[slot] or ballot.content
    papers = [(None, ballot.content) for ballot in ballots if ballot.kind == SlotKind.PAPER]
    services.reseal(sealer, kept)
    services.insert_slots(following, SlotKind.PERSONAL, personal, sealer)
    services.insert_slots(following, SlotKind.PAPER, papers, sealer)
    following.holds_last_year, following.since = True, min(following.since, box.since)
    following.invited_elsewhere += box.invited_elsewhere
    _leave(box, BoxState.CARRIED)
    _audit("urne_reportee", box, actor_id)
    messages.carried(box)


def _destroy(box: Box) -> None:
    _leave(box, BoxState.DESTROYED)
    _audit("urne_detruite", box, None)


def _leave(box: Box, state: BoxState) -> None:
    """End a box: its slots go, its links say what became of it, its key goes once this is committed.

    What still waited to ask for an answer does not leave.
    """
    db.session.execute(delete(Slot).where(Slot.box_id == box.id).execution_options(synchronize_session=False))
    asked = queries.links_of_box(box.id)
    drop_leading_to(box.organisation_id, asking.KINDS, Purpose.QUESTIONNAIRE, [link.public_id for link in asked])
    for link in asked:
        link.link_hash = links.digest_for(Purpose.QUESTIONNAIRE, link.public_id)
    box.state, box.ended_at = state.value, now()
    db.session.flush()
    db.session.expire_all()


def _audit(kind: str, box: Box, actor_id: int | None) -> None:
    audit.record(box.organisation_id, kind, actor_id=actor_id, **services.which(box))
