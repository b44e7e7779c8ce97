"""A session is closed, or nobody came; and it is opened again. Told to nobody, audited."""

from uuid import uuid4

from cpts_sessions.attendance import queries as attendance
from cpts_sessions.attendance.services import forget_animators, write_animators
from cpts_sessions.core import audit, links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import queries, rules
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionStatus
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
    """Cut an evening link at once: what it opened answers that it was cut; `link_for` gives another one.

    Raises:
        RuleBroken: there is none, or it is cut already.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        link = queries.link_of(group_session_id, person_id)
        if link is None or link.revoked_at is not None:
            raise RuleBroken("Rien n’a changé : ce lien n’existe pas, ou il est déjà coupé.")
        link.revoked_at = now()
        audit.record(
            group_session.organisation_id,
            "lien_soir_coupe",
            actor_id=actor_id,
            person_id=person_id,
            group_session_id=group_session.id,
        )


def close(group_session_id: int, *, actor_id: int) -> int:
    """Close a session: what was noted stands, and whoever animates is noted present, once.

    Those who only waited or were offered a seat stay as they are.

    Returns:
        How many came, animators apart.

    Raises:
        RuleBroken: it is not over, or closed already; somebody expected is not noted; nobody is noted present.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        rules.check_over(group_session, at=now())
        roll = attendance.roll(group_session_id)
        rules.check_complete(present=roll.present, missing=roll.missing)
        group_session.status, group_session.closed_at = SessionStatus.HELD.value, now()
        group_session.revision += 1
        write_animators(group_session)
        _audit("seance_close", group_session, actor_id)
        return roll.present


def nobody_came(group_session_id: int, *, actor_id: int) -> None:
    """Put a session among the cancelled because nobody came; registrations and marks stay as they are, no mail.

    Raises:
        RuleBroken: it is not over, or closed already; somebody is noted present.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        rules.check_over(group_session, at=now())
        rules.check_nobody(attendance.roll(group_session_id).present)
        group_session.status, group_session.cancelled_at = SessionStatus.CANCELLED.value, now()
        group_session.cancel_reason = rules.NOBODY_CAME
        group_session.revision += 1
        _audit("seance_annulee", group_session, actor_id)


def reopen(group_session_id: int, *, actor_id: int) -> None:
    """Open again a session that was closed, or to which nobody came: its presences may be corrected.

    The rows of whoever animates are written anew when it is closed again.

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
        _audit("seance_rouverte", group_session, actor_id)


def _audit(kind: str, group_session: GroupSession, actor_id: int) -> None:
    audit.record(group_session.organisation_id, kind, actor_id=actor_id, group_session_id=group_session.id)
