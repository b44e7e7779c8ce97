"""Who has never come, and who has not come for a while."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession


def never_came(organisation_id: int) -> ColumnElement[bool]:
    """Return the condition that a person was never noted present."""
    return Person.id.not_in(_present(organisation_id))


def has_not_come_since(organisation_id: int, instant: datetime) -> ColumnElement[bool]:
    """Return the condition that a person came once, and to no session that began since an instant."""
    came = _present(organisation_id)
    since = came.join(GroupSession, GroupSession.id == Attendance.group_session_id).where(
        GroupSession.starts_at >= instant
    )
    return and_(Person.id.in_(came), Person.id.not_in(since))


def _present(organisation_id: int) -> Select[int]:
    return select(Attendance.person_id).where(
        Attendance.organisation_id == organisation_id, Attendance.status == "present"
    )
