"""When presences are noted, and in which words. Pure: no Flask, no database."""

from datetime import datetime

from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hour, short_day, typo
from cpts_sessions.programmes.models import GroupSession, SessionStatus

#: What was noted, as the journal says it.
WORDS = {
    AttendanceStatus.PRESENT: "présence",
    AttendanceStatus.ABSENT: "absence",
    AttendanceStatus.EXCUSED: "absence excusée",
}


def check_can_be_noted(group_session: GroupSession, *, at: datetime) -> None:
    """Refuse to note who came to a session that has not begun, is closed or does not take place.

    Raises:
        RuleBroken: it is in preparation, cancelled, closed or to come.
    """
    if group_session.status == SessionStatus.DRAFT:
        raise RuleBroken("Cette séance n’est pas encore annoncée.")
    if group_session.status == SessionStatus.CANCELLED:
        raise RuleBroken("Cette séance est annulée : aucune présence n’est à noter.")
    if group_session.status == SessionStatus.HELD:
        raise RuleBroken("Cette séance est close : rouvrez-la pour corriger une présence.")
    if at < group_session.starts_at:
        begins = local(group_session.starts_at)
        raise RuleBroken(typo(f"Les présences se notent à partir du début, le {short_day(begins)} à {hour(begins)}."))
