"""When presences are noted, and in which words. Pure: no Flask, no database."""

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Final

from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hour, name_key, short_day, typo
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionStatus

#: What was noted, as the journal says it.
WORDS = {
    AttendanceStatus.PRESENT: "présence",
    AttendanceStatus.ABSENT: "absence",
    AttendanceStatus.EXCUSED: "absence excusée",
}

#: On the page of the evening, those who come are noted while they settle down.
ARRIVALS: Final = timedelta(hours=1)


def is_same_name(person: Person, first_name: str, last_name: str) -> bool:
    """Whether somebody bears this name, accents, capitals and hyphens apart."""
    theirs = (name_key(person.first_name), name_key(person.last_name))
    return theirs == (name_key(first_name), name_key(last_name))


def check_can_be_noted(group_session: GroupSession, *, at: datetime, early: timedelta = timedelta()) -> None:
    """Refuse to note who came to a session that has not begun, is closed or does not take place.

    Args:
        early: how long before the start presences may be noted all the same.

    Raises:
        RuleBroken: it is in preparation, cancelled, closed or to come.
    """
    if group_session.status == SessionStatus.DRAFT:
        raise RuleBroken("Cette séance n’est pas encore annoncée.")
    if group_session.status == SessionStatus.CANCELLED:
        raise RuleBroken("Cette séance est annulée : aucune présence n’est à noter.")
    if group_session.status == SessionStatus.HELD:
        raise RuleBroken("Cette séance est close : rouvrez-la pour corriger une présence.")
    if at < group_session.starts_at - early:
        begins = local(group_session.starts_at - early)
        since = "d’une heure avant le début" if early else "du début"
        raise RuleBroken(typo(f"Les présences se notent à partir {since}, le {short_day(begins)} à {hour(begins)}."))


def check_profession(slug: str, offered: Set[str]) -> None:
    """Refuse a profession that the CPTS does not offer.

    Raises:
        RuleBroken: it was not said, or is another.
    """
    if slug not in offered:
        raise RuleBroken(typo("La profession est nécessaire : c’est elle que compte le rapport."))
