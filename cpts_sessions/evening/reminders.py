"""What leaves by the clock around an evening: the link of the evening before, and the reminder that it is not closed.

Each is written once, whatever the number of workers: under the lock of the session, in the row of the link.
"""

from datetime import time

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from cpts_sessions.core.clock import at as instant
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import messages, queries, rules
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.evening.services import link_for
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.services import drop_about_session
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionAnimator, SessionStatus
from cpts_sessions.programmes.rules import CLOSED_WITHIN
from cpts_sessions.registrations.queries import lock_group_session
from cpts_sessions.registrations.rules import mail_leaves_at


def run() -> int:
    """Write what is due; what no longer holds is withdrawn first.

    Returns:
        How many messages were written.
    """
    _withdraw()
    return sum(map(_write_eve, _eves_due())) + sum(map(_remind_to_close, _reminders_due()))


def _withdraw() -> None:
    """Let nothing leave about an evening that does not take place; let who is given it again be written to again."""
    stale = (
        select(OutboxMessage.group_session_id)
        .join(GroupSession, GroupSession.id == OutboxMessage.group_session_id)
        .where(
            OutboxMessage.kind.in_(messages.WITH_A_LINK),
            OutboxMessage.status == MessageStatus.QUEUED,
            GroupSession.status.in_((SessionStatus.DRAFT, SessionStatus.CANCELLED)),
        )
        .distinct()
    )
    for group_session_id in list(db.session.execute(stale).scalars()):
        if group_session_id is not None:
            drop_about_session(group_session_id, messages.WITH_A_LINK)
    left = EveningLink.sent_for.is_not(None) & ~exists().where(
        SessionAnimator.group_session_id == EveningLink.group_session_id,
        SessionAnimator.person_id == EveningLink.person_id,
    )
    if db.session.execute(select(EveningLink.id).where(left).limit(1)).first() is not None:
        with transaction():
            forgotten = update(EveningLink).where(left).values(sent_for=None)
            db.session.execute(forgotten.execution_options(synchronize_session=False))


def _due(link_is_due: ColumnElement[bool], *conditions: ColumnElement[bool]) -> list[int]:
    """Return the sessions of which somebody who animates, and has an e-mail, is still to be written to."""
    statement = (
        select(GroupSession.id)
        .join(SessionAnimator, SessionAnimator.group_session_id == GroupSession.id)
        .join(Person, Person.id == SessionAnimator.person_id)
        .outerjoin(
            EveningLink,
            and_(
                EveningLink.group_session_id == SessionAnimator.group_session_id,
                EveningLink.person_id == SessionAnimator.person_id,
            ),
        )
        .where(
            GroupSession.status == SessionStatus.OPEN,
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            or_(EveningLink.id.is_(None), and_(EveningLink.revoked_at.is_(None), link_is_due)),
            *conditions,
        )
        .distinct()
        .order_by(GroupSession.id)
    )
    return list(db.session.execute(statement).scalars())


def _eves_due() -> list[int]:
    moment = now()
    return _due(
        or_(EveningLink.sent_for.is_(None), EveningLink.sent_for != GroupSession.starts_at),
        GroupSession.starts_at > moment,
        GroupSession.starts_at < rules.eves_end(moment),
    )


def _write_eve(group_session_id: int) -> int:
    """Write to those who animate a session that begins tomorrow, or today; one that has moved is told again."""
    with transaction():
        group_session = lock_group_session(group_session_id)
        if not _is_open(group_session) or not now() < group_session.starts_at < rules.eves_end(now()):
            return 0
        due = [link for link in _live_links(group_session) if link.sent_for != group_session.starts_at]
        for link in due:
            drop_about_session(group_session_id, (messages.EVE,), person_id=link.person_id)
            messages.eve(link)
            link.sent_at, link.sent_for = now(), group_session.starts_at
        return len(due)


def _reminders_due() -> list[int]:
    moment = now()
    return _due(
        EveningLink.reminded_at.is_(None),
        GroupSession.ends_at <= moment - CLOSED_WITHIN,
        GroupSession.starts_at >= instant(local(moment).date() - rules.LINK_LAST, time()),
    )


def _remind_to_close(group_session_id: int) -> int:
    """Remind those who animate a session that has been over for two days, once, while their link serves."""
    with transaction():
        group_session = lock_group_session(group_session_id)
        is_over = group_session.ends_at <= now() - CLOSED_WITHIN
        is_of_use = mail_leaves_at(now()) < rules.link_ends_at(group_session.starts_at)
        if not (_is_open(group_session) and is_over and is_of_use):
            return 0
        due = [link for link in _live_links(group_session) if link.reminded_at is None]
        for link in due:
            messages.to_close(link)
            link.reminded_at = now()
        return len(due)


def _is_open(group_session: GroupSession) -> bool:
    return group_session.status == SessionStatus.OPEN


def _live_links(group_session: GroupSession) -> list[EveningLink]:
    """Return the links of those who animate and have an e-mail, made when needed; one that was cut stays cut."""
    found = []
    for animator in group_session.animators:
        person = animator.person
        known = queries.link_of(group_session.id, person.id)
        if person.email and not person.erased_at and (known is None or known.revoked_at is None):
            found.append(link_for(group_session.id, person.id))
    return found
