"""Who came, as it was noted."""

from sqlalchemy import select

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.extensions import db


def statuses_of(person_id: int) -> dict[int, str]:
    """Return what was noted of one person, by the id of the session."""
    statement = select(Attendance.group_session_id, Attendance.status).where(Attendance.person_id == person_id)
    return {row.group_session_id: row.status for row in db.session.execute(statement)}
