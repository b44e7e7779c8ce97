"""What an evening link opens, and what can be done once a session is over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_sessions.accounts.queries import roles_of
from cpts_sessions.core import links
from cpts_sessions.evening import rules
from cpts_sessions.evening.models import EveningLink
from cpts_sessions.evening.rules import LinkState
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession


def can_be_reopened(group_session: GroupSession) -> bool:
    """Whether a session was closed, or put among the cancelled because nobody came."""
    return rules.is_reopenable(group_session)


def link_by_token(organisation_id: int, token: str) -> EveningLink | None:
    """Return the evening link of this token, with its session and person, whether it still serves or not."""
    statement = (
        select(EveningLink)
        .where(EveningLink.organisation_id == organisation_id, EveningLink.link_hash == links.digest(token))
        .options(
            joinedload(EveningLink.person),
            joinedload(EveningLink.group_session).joinedload(GroupSession.programme),
        )
    )
    return db.session.execute(statement).scalar_one_or_none()


def state_of_link(link: EveningLink, at: datetime) -> LinkState:
    """Return whether an evening link serves at an instant; one of somebody who no longer animates is cut."""
    is_cut = link.revoked_at is not None or not animates(link.group_session, link.person)
    return rules.link_state(link.group_session, is_cut=is_cut, at=at)


def animates(group_session: GroupSession, person: Person) -> bool:
    """Whether a session was given to her, or she animates its programme as a whole."""
    if person.erased_at:
        return False
    if any(animator.person_id == person.id for animator in group_session.animators):
        return True
    return group_session.programme_id in roles_of(person).programme_ids


def link_of(group_session_id: int, person_id: int) -> EveningLink | None:
    """Return the evening link of one person for one session, cut or not; None when none was made."""
    statement = select(EveningLink).where(
        EveningLink.group_session_id == group_session_id, EveningLink.person_id == person_id
    )
    return db.session.execute(statement).scalar_one_or_none()
