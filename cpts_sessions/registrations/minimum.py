"""A session under its minimum, three days before: the coordination is asked once, and decides."""

from datetime import datetime

from sqlalchemy import func, select

from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.services import drop_about_session
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.programmes.rules import DECIDES_BEFORE, is_below_minimum
from cpts_sessions.registrations import coordination, messages, queries, rules
from cpts_sessions.registrations.models import SEATED, MinimumDecision, Registration


def run() -> int:
    """Ask the coordination about each session under its minimum, in the daytime, while a decision still serves.

    Returns:
        How many sessions it was asked about.
    """
    instant = now()
    return sum(map(_ask, _to_ask(instant))) if rules.is_daytime(instant) else 0


def _to_ask(instant: datetime) -> list[int]:
    taken = (
        select(func.count())
        .where(Registration.group_session_id == GroupSession.id, Registration.status.in_(SEATED))
        .correlate(GroupSession)
        .scalar_subquery()
    )
    statement = (
        select(GroupSession)
        .where(
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.starts_at >= instant + rules.LEAST_NOTICE,
            GroupSession.starts_at <= instant + DECIDES_BEFORE,
            GroupSession.minimum > taken,
        )
        .order_by(GroupSession.id)
    )
    found = list(db.session.execute(statement).scalars())
    known = {one.group_session_id for one in queries.decided_under_minimum(found)}
    return [one.id for one in found if one.id not in known]


def _ask(group_session_id: int) -> int:
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        is_late = group_session.starts_at - now() < rules.LEAST_NOTICE
        if is_late or not _is_below(group_session) or queries.decided_under_minimum([group_session]):
            return 0
        coordination.under_minimum(group_session, queries.count_confirmed(group_session_id))
        _decision(group_session).asked_at = now()
        return 1


def keep(group_session_id: int, *, actor_id: int) -> None:
    """Hold a session although it is under its minimum: nobody is asked about this date any more.

    Raises:
        RuleBroken: it has begun, does not take place, or is not under its minimum.
    """
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        rules.check_not_begun(group_session, at=now())
        if not _is_below(group_session):
            raise RuleBroken(typo("Rien n’a changé : cette séance n’est pas sous son minimum."))
        decision = _decision(group_session)
        if decision.kept_at is not None:
            return
        decision.kept_at = now()
        drop_about_session(group_session_id, (messages.UNDER_MINIMUM,))
        audit.record(
            group_session.organisation_id, "seance_maintenue", actor_id=actor_id, group_session_id=group_session_id
        )


def _is_below(group_session: GroupSession) -> bool:
    return is_below_minimum(group_session, queries.seats_taken(group_session.id), at=now())


def _decision(group_session: GroupSession) -> MinimumDecision:
    """Return the row of a session for the day it now has, made when needed; the session is locked by the caller."""
    for known in queries.decided_under_minimum([group_session]):
        return known
    made = MinimumDecision(
        group_session_id=group_session.id,
        day=queries.day_of(group_session),
        organisation_id=group_session.organisation_id,
    )
    db.session.add(made)
    return made
