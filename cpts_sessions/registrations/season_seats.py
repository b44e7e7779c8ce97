"""What is read at once of a whole season: the rows of one person, the seats taken, the ranks of those who wait."""

from collections.abc import Iterable

from sqlalchemy import func, select

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


def ranks(group_session_ids: Iterable[int], person_id: int | None = None) -> dict[int, int]:
    """Return the place of each waiting registration on the list of its session, by its id, 1 being the first.

    Args:
        group_session_ids: the sessions whose lists are read.
        person_id: only the places of this person; everybody's when None.
    """
    place = func.row_number().over(
        partition_by=Registration.group_session_id, order_by=(Registration.queued_at, Registration.id)
    )
    lists = (
        select(Registration.id, Registration.person_id, place.label("place"))
        .where(Registration.group_session_id.in_(list(group_session_ids)), Registration.status == Status.WAITING)
        .subquery()
    )
    statement = select(lists.c.id, lists.c.place)
    if person_id is not None:
        statement = statement.where(lists.c.person_id == person_id)
    return {row[0]: row[1] for row in db.session.execute(statement)}
