"""Until when an evening link serves; when a session is closed, and opened again. Pure: no Flask, no database."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from cpts_sessions.attendance.rules import check_can_be_noted
from cpts_sessions.core.clock import at as instant
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, hour, typo
from cpts_sessions.programmes.models import GroupSession, SessionStatus

#: Why a session to which nobody came is among the cancelled.
NOBODY_CAME: Final = "Personne n’est venu"

#: The evening link serves from the beginning of the day before to the end of the third day after, in Paris.
LINK_OPENS: Final = timedelta(days=-1)
LINK_ENDS: Final = timedelta(days=4)


class LinkState(StrEnum):
    """What an evening link answers."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    REVOKED = "revoked"  # cut, or no longer hers, or the session does not take place


def link_opens_at(starts_at: datetime) -> datetime:
    """Return from when the evening link of a session serves: 0 h, the day before."""
    return instant(local(starts_at).date() + LINK_OPENS, time())


def link_ends_at(starts_at: datetime) -> datetime:
    """Return from when the evening link of a session does not serve any more: the midnight that ends the third day."""
    return instant(local(starts_at).date() + LINK_ENDS, time())


def link_state(group_session: GroupSession, *, is_cut: bool, at: datetime) -> LinkState:
    """Return what an evening link answers; `is_cut`: by the coordination, or she does not animate any more."""
    if is_cut or group_session.status in (SessionStatus.DRAFT, SessionStatus.CANCELLED):
        return LinkState.REVOKED
    if at < link_opens_at(group_session.starts_at):
        return LinkState.EARLY
    return LinkState.OPEN if at < link_ends_at(group_session.starts_at) else LinkState.OVER


def check_over(group_session: GroupSession, *, at: datetime) -> None:
    """Refuse to end the evening of a session that still runs, is closed already or does not take place.

    Raises:
        RuleBroken: it is not over, or its presences cannot be noted any more.
    """
    check_can_be_noted(group_session, at=at)
    if at < group_session.ends_at:
        raise RuleBroken(typo(f"La séance finit à {hour(local(group_session.ends_at))} : elle se clôt ensuite."))


def check_complete(*, present: int, missing: int) -> None:
    """Refuse to close a session before everybody expected is noted, or when nobody came.

    Raises:
        RuleBroken: so many persons are not noted; nobody is noted present.
    """
    if missing:
        persons = counted(missing, "personne n’est pas notée", "personnes ne sont pas notées")
        raise RuleBroken(typo(f"{persons} : notez ce qu’il en est avant de clore."))
    if not present:
        raise RuleBroken("Personne n’est noté présent : rangez la séance parmi les annulées, ou corrigez.")


def check_nobody(present: int) -> None:
    """Refuse to say that nobody came when somebody is noted present.

    Raises:
        RuleBroken: so many are.
    """
    if present == 1:
        raise RuleBroken(typo("1 présence est pourtant notée : corrigez-la d’abord."))
    if present:
        raise RuleBroken(typo(f"{present} présences sont pourtant notées : corrigez-les d’abord."))


def is_reopenable(group_session: GroupSession) -> bool:
    """Whether a session was closed, or put among the cancelled because nobody came."""
    if group_session.status == SessionStatus.HELD:
        return True
    is_afterwards = group_session.cancelled_at is not None and group_session.cancelled_at >= group_session.ends_at
    return (
        group_session.status == SessionStatus.CANCELLED and is_afterwards and group_session.cancel_reason == NOBODY_CAME
    )
