"""Somebody was there and may answer; somebody answers. Nothing is opened here."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update

from cpts_sessions.core import audit, clock, links
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires import definition, keys, queries, rules
from cpts_sessions.questionnaires.models import (
    Box,
    BoxState,
    Questionnaire,
    QuestionnaireLink,
    Slot,
    SlotKind,
)
from cpts_sessions.questionnaires.sealed_box import EMPTY, Sealer

#: When the link leaves, on the day after the first presence, in Paris.
_LEAVES_AT: Final = time(9)

_log = logging.getLogger(__name__)
_chance = secrets.SystemRandom()
_RESEAL = (
    update(Slot)
    .where(Slot.id == bindparam("slot"))
    .values(sealed=bindparam("anew"))
    .execution_options(synchronize_session=False)
)


def answer(organisation_id: int, token: str, ballot: bytes) -> None:
    """Seal somebody's ballot, in place of her earlier one, and every other ballot of the box anew.

    Nothing else is written anywhere: no hour, no mark, no line of a journal. All the slots are written in the order of
    their ids, whoever answers: what is left on the disk, in the log of writes and in a later copy is the same.

    Args:
        organisation_id: the CPTS of the page.
        token: the one of the personal link, the only authority.
        ballot: as `definition.encode` writes it; answers to nothing leave the slot empty.

    Raises:
        RuleBroken: the link leads to no box that still collects, or the key of the box is missing.
    """
    kept = _without_nothing(ballot)
    with transaction():
        found = queries.box_by_token(organisation_id, token)
        if found is None or not found.is_open:
            raise RuleBroken(rules.OVER)
        slots = queries.lock_slots(found.box.id)
        hers = next((slot.id for slot in slots if slot.token_hash == links.digest(token)), None)
        if hers is None:  # opened at this very moment
            raise RuleBroken(rules.OVER)
        sealer = sealer_of(found.box)
        reseal(sealer, {slot.id: kept if slot.id == hers else sealer.unseal(slot.id, slot.sealed) for slot in slots})


def add_slots(group_session: GroupSession) -> int:
    """Give a slot to everybody noted present at a session that is being closed; once a year to each.

    Correcting a presence later removes nothing. Whoever animates the programme holds none, nor do those who come to a
    séance de découverte. A missing key never keeps a session from being closed: `catch_up` adds those slots later.

    Returns:
        How many slots are new.
    """
    if group_session.is_discovery or group_session.programme.questionnaire_slug is None:
        return 0
    with transaction():
        present = queries.present_to_ask(group_session)
        if not present:
            return 0
        try:
            box = collecting_box(group_session.programme, group_session.season)
            return _add_slots(box, group_session.season, present)
        except keys.KeyMissing:
            _log.error("the key of a box is missing or cannot be made; see cpts-sessions doctor")
            return 0


def catch_up() -> None:
    """Give their slots to those present at sessions closed while a key was missing: every session of the year.

    Sessions that came from a file are history: nobody is asked.
    """
    for group_session in queries.sessions_to_ask_about(rules.year_of_box(clock.today().year - 1, clock.today())):
        add_slots(group_session)


def collecting_box(programme: Programme, year: int, *, questionnaire_id: int | None = None) -> Box:
    """Return the box in which somebody present in that year answers, locked; made, with its key, when there is none.

    A year whose collection is over goes on in the box of the next.

    Args:
        programme: its box.
        year: calendar year of the presence.
        questionnaire_id: what a new box asks when the programme asks nothing any more.

    Raises:
        RuleBroken: the programme asks nothing.
    """
    with transaction():
        _lock_programme(programme.id)
        year = rules.year_of_box(year, clock.today())
        box = queries.box_of_year(programme.id, year)
        while box is not None and box.state != BoxState.COLLECTING:
            year += 1
            box = queries.box_of_year(programme.id, year)
        return queries.lock_box(box.id) if box else _new_box(programme, year, questionnaire_id)


def box_of_papers(programme: Programme, year: int) -> Box:
    """Return the box of a past year, locked; made, with its key, when there is none. Nobody gets a link to it.

    Raises:
        RuleBroken: the programme asks nothing.
    """
    with transaction():
        _lock_programme(programme.id)
        box = queries.box_of_year(programme.id, year)
        return queries.lock_box(box.id) if box else _new_box(programme, year, None)


def asked_by(programme: Programme) -> definition.Questionnaire:
    """Return the questions that a new box of this programme would ask.

    Raises:
        RuleBroken: it asks nothing.
    """
    slug = programme.questionnaire_slug
    if slug is None:
        raise RuleBroken("Ce dispositif n’a pas de questionnaire : choisissez-le d’abord.")
    newest = queries.newest_questionnaire(programme.organisation_id, slug)
    return definition.parse(slug, newest.definition if newest else definition.source_of(slug))


def _new_box(programme: Programme, year: int, questionnaire_id: int | None) -> Box:
    if programme.questionnaire_slug is not None:
        questionnaire_id = _asked(programme.organisation_id, programme.questionnaire_slug).id
    if questionnaire_id is None:
        raise RuleBroken("Ce dispositif n’a pas de questionnaire : choisissez-le d’abord.")
    box = Box(
        organisation_id=programme.organisation_id,
        programme_id=programme.id,
        questionnaire_id=questionnaire_id,
        year=year,
    )
    keys.create(box.key_id)  # when this transaction fails, a key of nothing is left
    db.session.add(box)
    db.session.flush()
    return box


def seal_papers(box_id: int, ballots: Sequence[bytes], *, actor_id: int | None, handed_out: int = 0) -> int:
    """Seal ballots that came on paper, each in a slot of its own that nobody's link leads to; empty ones are left out.

    Args:
        box_id: a box that still collects.
        ballots: as `definition.encode` writes them.
        actor_id: who typed them in; None for a command.
        handed_out: how many forms were given to people who hold no personal link.

    Returns:
        How many were sealed.

    Raises:
        RuleBroken: the box takes no more ballots, or its key is missing.
    """
    filled = [ballot for ballot in map(_without_nothing, ballots) if ballot != EMPTY]
    with transaction():
        box = queries.lock_box(box_id)
        if box.state != BoxState.COLLECTING:
            raise RuleBroken(rules.OVER)
        sealer = sealer_of(box)
        insert_slots(box, SlotKind.PAPER, [(None, ballot) for ballot in filled], sealer)
        box.invited_elsewhere += handed_out
        audit.record(box.organisation_id, "bulletins_saisis", actor_id=actor_id, n=len(filled), **which(box))
        return len(filled)


def which(box: Box) -> dict[str, int]:
    """Return the values by which the journal names a box."""
    return {"dispositif": box.programme_id, "annee": box.year}


def sealer_of(box: Box) -> Sealer:
    """Return what seals and unseals the ballots of a box.

    Raises:
        KeyMissing: its key is not where it should be.
    """
    return Sealer(keys.load(box.key_id), box.key_id)


def reseal(sealer: Sealer, ballots: Mapping[UUID, bytes]) -> None:
    """Write every one of these slots anew, in the order of their ids; all of a box, always."""
    rows = [{"slot": slot, "anew": sealer.seal(slot, ballots[slot])} for slot in sorted(ballots)]
    if rows:
        db.session.connection().execute(_RESEAL, rows)


def insert_slots(box: Box, kind: SlotKind, new: Sequence[tuple[bytes | None, bytes]], sealer: Sealer) -> None:
    """Add slots in an order drawn at random: the hash of the token of each, and its ballot."""
    rows = []
    for token_hash, ballot in _chance.sample(new, len(new)):
        slot = uuid4()
        sealed = sealer.seal(slot, ballot)
        rows.append({"id": slot, "box_id": box.id, "kind": kind.value, "token_hash": token_hash, "sealed": sealed})
    if rows:
        db.session.connection().execute(insert(Slot), rows)


def give_link(box: Box, person_id: int, *, due_at: datetime | None) -> bytes:
    """Add somebody's link to a box, and return the hash that her slot must have."""
    link = QuestionnaireLink(organisation_id=box.organisation_id, box_id=box.id, person_id=person_id, due_at=due_at)
    db.session.add(link)
    db.session.flush()
    return links.digest_for(Purpose.QUESTIONNAIRE, link.public_id)


def _add_slots(box: Box, season: int, person_ids: Sequence[int]) -> int:
    sealer = sealer_of(box)
    due_at = clock.at(rules.first_message_on(clock.now()), _LEAVES_AT)
    asked = queries.links_since(box.programme_id, season)
    for link in asked:
        if link.box_id == box.id and link.person_id in person_ids and link.due_at is None:
            link.due_at = due_at  # her slot comes from the year before: this is her first presence of this one
    new = sorted(set(person_ids) - {link.person_id for link in asked})
    hashes = [give_link(box, person_id, due_at=due_at) for person_id in new]
    insert_slots(box, SlotKind.PERSONAL, [(token_hash, EMPTY) for token_hash in hashes], sealer)
    return len(new)


def _asked(organisation_id: int, slug: str) -> Questionnaire:
    """Return the newest version of a questionnaire, copied from the application's the first time it is asked."""
    found = queries.newest_questionnaire(organisation_id, slug)
    if found is None:
        found = Questionnaire(organisation_id=organisation_id, slug=slug, definition=definition.source_of(slug))
        db.session.add(found)
        db.session.flush()
    return found


def _lock_programme(programme_id: int) -> None:
    """Two sessions closed at the same moment make one box."""
    db.session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True))


def _without_nothing(ballot: bytes) -> bytes:
    """Return the ballot; EMPTY when it answers nothing, so that it counts for nobody.

    Raises:
        ValueError: these bytes are no ballot.
    """
    return ballot if definition.decode(ballot) else EMPTY
