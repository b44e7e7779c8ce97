"""What is read at once of a whole season, for one person: her rows, the seats taken, her ranks."""

from collections.abc import Iterable

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import aliased

from cpts_sessions.extensions import db
from cpts_sessions.registrations.models import SEATED, Registration, Status


def of_person(person_id: int, group_session_ids: list[int]) -> dict[int, Registration]:
    """Return this person's rows for these sessions, by the id of the session, whatever their status."""
    statement = (
        select(Registration)
        .where(Registration.person_id == person_id, Registration.group_session_id.in_(group_session_ids))
        .execution_options(populate_existing=True)
    )
    return {one.group_session_id: one for one in db.session.execute(statement).scalars()}


def taken(group_session_ids: list[int]) -> dict[int, int]:
    """Count the seats confirmed and offered in each of these sessions; one where none is has no entry."""
    statement = (
        select(Registration.group_session_id, func.count())
        .where(Registration.group_session_id.in_(group_session_ids), Registration.status.in_(SEATED))
        .group_by(Registration.group_session_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def ranks(registrations: Iterable[Registration]) -> dict[int, int]:
    """Return the place of each of these waiting registrations on its own list, by its id, 1 being the first."""
    earlier = aliased(Registration)
    is_before = and_(
        earlier.group_session_id == Registration.group_session_id,
        earlier.status == Status.WAITING,
        tuple_(earlier.queued_at, earlier.id) < tuple_(Registration.queued_at, Registration.id),
    )
    statement = (
        select(Registration.id, func.count(earlier.id) + 1)
        .outerjoin(earlier, is_before)
        .where(Registration.id.in_([one.id for one in registrations]))
        .group_by(Registration.id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
