"""An evening link is given or cut; a session is closed, or nobody came; it is opened again. All of it audited."""

from collections.abc import Sequence
from uuid import uuid4

from cpts_sessions.attendance import queries as attendance
from cpts_sessions.attendance.attestations import settle
from cpts_sessions.attendance.rules import ARRIVALS
from cpts_sessions.attendance.services import (
    forget_animators,
    forget_noted,
    note_missing_absent,
    seat_who_came,
    write_animators,
)
from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import messages, queries, rules
from cpts_sessions.evening.models import EveningLink, EveningNote, Reopening
from cpts_sessions.extensions import db
from cpts_sessions.mail.services import drop_about_session
from cpts_sessions.people.models import Person
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.questionnaires.services import add_slots
from cpts_sessions.registrations import planning, sessions
from cpts_sessions.registrations.queries import lock_group_session


def link_for(group_session_id: int, person_id: int) -> EveningLink:
    """Return the evening link of whoever animates a session, made the first time; one that was cut gets another key.

    Its address is `links.url(public_url, Purpose.EVENING, link.public_id)`; it goes in her mail, on no screen.

    Raises:
        RuleBroken: she does not animate this session.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        person = db.session.get_one(Person, person_id)
        if not queries.animates(group_session, person):
            raise RuleBroken("Cette séance n’est pas la vôtre.")
        link = queries.link_of(group_session_id, person_id)
        if link is None:
            link = EveningLink(
                organisation_id=group_session.organisation_id,
                group_session_id=group_session.id,
                person_id=person.id,
                link_hash=b"",
            )
            db.session.add(link)
        elif link.revoked_at is None:
            return link
        else:
            link.public_id = uuid4()
            link.revoked_at = link.sent_at = link.sent_for = None
        link.link_hash = links.digest_for(Purpose.EVENING, link.public_id)
        db.session.flush()
        return link


def revoke_link(group_session_id: int, person_id: int, *, actor_id: int) -> None:
    """Cut an evening link at once: what it opened answers that it was cut; none leaves until another is asked for.

    Raises:
        RuleBroken: there is none, or it is cut already.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        link = queries.link_of(group_session_id, person_id)
        if link is None or link.revoked_at is not None:
            raise RuleBroken("Rien n’a changé : ce lien n’existe pas, ou il est déjà coupé.")
        link.revoked_at = now()
        drop_about_session(group_session_id, messages.WITH_A_LINK, person_id=person_id)
        _audit("lien_soir_coupe", group_session, actor_id, person_id=person_id)


def send_link_again(group_session_id: int, person_id: int, *, actor_id: int) -> bool:
    """Give whoever animates another evening link, and cut the one she had.

    Returns:
        Whether it leaves at once; before the eve it leaves at its hour.

    Raises:
        RuleBroken: she does not animate this session, or has no e-mail; the link would serve no more.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        person = db.session.get_one(Person, person_id)
        rules.check_link_serves(group_session, at=now())
        if not person.email:
            raise RuleBroken("Cette personne n’a pas d’e-mail : le lien ne peut pas partir.")
        link = queries.link_of(group_session_id, person_id)
        if link is not None and link.revoked_at is None:
            revoke_link(group_session_id, person_id, actor_id=actor_id)
        link = link_for(group_session_id, person_id)
        _audit("lien_soir_renvoye", group_session, actor_id, person_id=person_id)
        if now() < rules.eve_at(group_session.starts_at):
            return False
        messages.another_link(link)
        link.sent_at, link.sent_for = now(), group_session.starts_at
        return True


def close(
    group_session_id: int,
    *,
    actor_id: int,
    by_animator: bool = False,
    missing_are_absent: bool = False,
    before_end: bool = False,
) -> int:
    """Close a session: what was noted stands, and whoever animates is noted present, once; waiting lists stay.

    Args:
        by_animator: the coordination is then told by mail, with the figures.
        missing_are_absent: those of whom nothing is noted become absent; else they make it refuse.
        before_end: she was told that the session still runs, and said yes.

    Returns:
        How many came, those counted without names included, animators apart.

    Raises:
        AlreadyClosed, NotOver, RuleBroken: see `rules.check_over`.
        RuleBroken: somebody expected is not noted; nobody is noted present.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        rules.check_over(group_session, at=now(), before_end=before_end)
        if missing_are_absent:
            note_missing_absent(group_session_id, actor_id=actor_id)
        roll = attendance.roll(group_session_id)
        present = roll.present + sum(attendance.tallies_at(group_session_id).values())
        rules.check_complete(present=present, missing=roll.missing)
        group_session.status, group_session.closed_at = SessionStatus.HELD.value, now()
        group_session.revision += 1
        seat_who_came(group_session)
        write_animators(group_session)
        add_slots(group_session)
        _end(group_session)
        _audit("seance_close", group_session, actor_id)
        if by_animator:
            messages.closed(group_session, db.session.get_one(Person, actor_id))
        return present


def nobody_came(group_session_id: int, *, actor_id: int, before_end: bool = False) -> None:
    """Put a session among the cancelled because nobody came; registrations and marks stay as they are, no mail.

    Args:
        before_end: she was told that the session still runs, and said yes.

    Raises:
        AlreadyClosed: somebody else closed it first, or said that nobody came.
        NotOver: it still runs.
        RuleBroken: it cannot be closed; somebody is noted present.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        rules.check_over(group_session, at=now(), before_end=before_end)
        nameless = sum(attendance.tallies_at(group_session_id).values())
        rules.check_nobody(attendance.roll(group_session_id).present + nameless)
        group_session.status, group_session.cancelled_at = SessionStatus.CANCELLED.value, now()
        group_session.cancel_reason = rules.NOBODY_CAME
        group_session.revision += 1
        _end(group_session)
        _audit("seance_annulee", group_session, actor_id)


def reopen(group_session_id: int, reason: Reopening, *, actor_id: int) -> None:
    """Open again a session that was closed, or to which nobody came: its presences may be corrected.

    Whoever animates is told why by mail, but of sessions that were imported. The rows of whoever animates are written
    anew when it is closed again.

    Raises:
        RuleBroken: it is neither.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        if not rules.is_reopenable(group_session):
            raise RuleBroken("Rien n’a changé : cette séance n’est pas close.")
        group_session.status, group_session.closed_at = SessionStatus.OPEN.value, None
        group_session.cancel_reason, group_session.cancelled_at = "", None
        group_session.revision += 1
        forget_animators(group_session)
        _audit("seance_rouverte", group_session, actor_id, motif=reason.value)
        if group_session.imported_at is None:
            messages.reopened(group_session, reason)


def change(
    group_session_id: int, plan: sessions.Plan, *, actor_id: int, revision: int, word: str = ""
) -> sessions.Told:
    """Apply a new plan (see `sessions.change`); who was noted while settling down, then sent home, did not come.

    Raises:
        RuleBroken: see `sessions.change`.
    """
    with transaction():
        told = sessions.change(group_session_id, plan, actor_id=actor_id, revision=revision, word=word)
        group_session = lock_group_session(group_session_id)
        if group_session.status == SessionStatus.OPEN and now() < group_session.starts_at - ARRIVALS:
            forget_noted(group_session)
        return told


def entrust(group_session_id: int, person_ids: Sequence[int], newcomer: Told | None, *, actor_id: int) -> None:
    """Make exactly these persons animate a session; of a closed one, their presences follow.

    The row that closing wrote to whoever leaves goes, those who come get theirs. What a file said stays.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        before = {animator.person_id for animator in group_session.animators}
        planning.entrust(group_session_id, person_ids, newcomer, actor_id=actor_id)
        if group_session.status != SessionStatus.HELD or group_session.imported_at is not None:
            return
        if before == {animator.person_id for animator in group_session.animators}:
            return
        forget_animators(group_session)
        write_animators(group_session)
        _end(group_session)


def write_note(group_session_id: int, text: str, *, actor_id: int) -> None:
    """Keep what whoever animates tells the coordination of a session; an empty text removes it.

    Raises:
        RuleBroken: the session was closed more than three days ago, or does not take place.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        if not rules.is_note_open(group_session, at=now()):
            raise RuleBroken("Cette note ne se modifie plus : écrivez à la coordination.")
        note = queries.note_of(group_session_id)
        if not text.strip():
            if note is not None:
                db.session.delete(note)
            return
        if note is None:
            note = EveningNote(
                organisation_id=group_session.organisation_id,
                group_session_id=group_session_id,
                person_id=actor_id,
                text="",
            )
            db.session.add(note)
        note.text, note.person_id, note.written_at = text.strip(), actor_id, now()


def _end(group_session: GroupSession) -> None:
    """Attest who came, or no longer; what waits to say that the session is not closed does not leave."""
    db.session.flush()
    settle(group_session)
    drop_about_session(group_session.id, (messages.TO_CLOSE,))


def _audit(
    kind: str,
    group_session: GroupSession,
    actor_id: int,
    *,
    person_id: int | None = None,
    **values: str,
) -> None:
    audit.record(
        group_session.organisation_id,
        kind,
        actor_id=actor_id,
        person_id=person_id,
        group_session_id=group_session.id,
        **values,
    )
