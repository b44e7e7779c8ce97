"""Until when an evening link serves; when a session is closed, and opened again. Pure: no Flask, no database."""

from datetime import date, datetime, time, timedelta
from typing import Final

from cpts_sessions.attendance.rules import check_can_be_noted
from cpts_sessions.core.clock import at as instant
from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import counted, hour, short_day, typo
from cpts_sessions.evening.models import LinkState
from cpts_sessions.programmes.models import GroupSession, SessionStatus

#: Why a session to which nobody came is among the cancelled.
NOBODY_CAME: Final = "Personne n’est venu"

#: The evening link serves from the beginning of the day before to the end of the third day after, in Paris.
LINK_OPENS: Final = timedelta(days=-1)
LINK_LAST: Final = timedelta(days=3)
#: When whoever animates is written to, the day before.
EVE: Final = time(18)
#: How long after closing a note for the coordination may still be mended.
NOTE_MENDED: Final = timedelta(days=3)


class AlreadyClosed(RuleBroken):
    """Somebody else ended this evening first."""


class NotOver(RuleBroken):
    """The session still runs: closing it asks for a yes."""


def link_opens_at(starts_at: datetime) -> datetime:
    """Return from when the evening link of a session serves: 0 h, the day before."""
    return instant(local(starts_at).date() + LINK_OPENS, time())


def link_last_day(starts_at: datetime) -> date:
    """Return the last day on which the evening link of a session serves: the third one after, in Paris."""
    return local(starts_at).date() + LINK_LAST


def link_ends_at(starts_at: datetime) -> datetime:
    """Return from when the evening link of a session does not serve any more: the midnight that ends the third day."""
    return instant(link_last_day(starts_at) + timedelta(days=1), time())


def link_state(group_session: GroupSession, *, is_cut: bool, at: datetime) -> LinkState:
    """Return what an evening link answers; `is_cut`: by the coordination, or she does not animate any more.

    A session to which nobody came is among the cancelled: its link still says so, to whoever noted it.
    """
    is_held = group_session.status in (SessionStatus.OPEN, SessionStatus.HELD) or is_reopenable(group_session)
    if is_cut or not is_held:
        return LinkState.REVOKED
    if at < link_opens_at(group_session.starts_at):
        return LinkState.EARLY
    return LinkState.OPEN if at < link_ends_at(group_session.starts_at) else LinkState.OVER


def check_link_serves(group_session: GroupSession, *, at: datetime) -> None:
    """Refuse to send the link of an evening that does not take place, or is over for good.

    Raises:
        RuleBroken: it would open nothing.
    """
    if group_session.status not in (SessionStatus.OPEN, SessionStatus.HELD):
        raise RuleBroken("Cette séance n’a pas lieu : il n’y a pas de lien à envoyer.")
    if at >= link_ends_at(group_session.starts_at):
        last = short_day(link_last_day(group_session.starts_at))
        raise RuleBroken(typo(f"Ce lien servait jusqu’au {last} : notez les présences ici, à la place de l’animation."))


def eve_at(starts_at: datetime) -> datetime:
    """Return when whoever animates is written to before a session: the day before at 18 h, in Paris."""
    return instant(local(starts_at).date() - timedelta(days=1), EVE)


def eves_end(at: datetime) -> datetime:
    """Return before which instant a session must start for its eve to have come."""
    wall = local(at)
    days = 2 if wall.time() >= EVE else 1
    return instant(wall.date() + timedelta(days=days), time())


def check_over(group_session: GroupSession, *, at: datetime, before_end: bool = False) -> None:
    """Refuse to end the evening of a session that still runs, is closed already or does not take place.

    Args:
        before_end: she was told that it still runs, and said yes.

    Raises:
        AlreadyClosed: it is closed, or nobody came: it is done.
        NotOver: it still runs.
        RuleBroken: it has not begun, or its presences cannot be noted.
    """
    if group_session.status == SessionStatus.HELD:
        since = f" depuis le {short_day(group_session.closed_at)}" if group_session.closed_at else ""
        raise AlreadyClosed(typo(f"Cette séance est close{since}. Pour corriger, la coordination peut la rouvrir."))
    if is_reopenable(group_session):
        raise AlreadyClosed(typo("Cette séance est déjà rangée parmi les annulées : « Personne n’est venu »."))
    if group_session.status == SessionStatus.OPEN and at < group_session.starts_at:
        raise RuleBroken(typo(f"La séance commence à {hour(local(group_session.starts_at))} : elle se clôt ensuite."))
    check_can_be_noted(group_session, at=at)
    if at < group_session.ends_at and not before_end:
        raise NotOver(typo(f"La séance finit à {hour(local(group_session.ends_at))}. Clore maintenant ?"))


def check_complete(*, present: int, missing: int) -> None:
    """Refuse to close a session before everybody expected is noted, or when nobody came.

    Args:
        present: how many came, those counted without names included.

    Raises:
        RuleBroken: so many persons are not noted; nobody is noted present.
    """
    if missing:
        persons = counted(missing, "personne n’est pas notée", "personnes ne sont pas notées")
        raise RuleBroken(typo(f"{persons} : notez ce qu’il en est avant de clore."))
    if not present:
        raise RuleBroken("Personne n’est noté présent : rangez la séance parmi les annulées, ou corrigez.")


def check_nobody(present: int) -> None:
    """Refuse to say that nobody came when somebody is noted present, or counted without a name.

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
    is_afterwards = group_session.cancelled_at is not None and group_session.cancelled_at >= group_session.starts_at
    return (
        group_session.status == SessionStatus.CANCELLED and is_afterwards and group_session.cancel_reason == NOBODY_CAME
    )


def is_note_open(group_session: GroupSession, *, at: datetime) -> bool:
    """Whether the note for the coordination may be written or mended: until three days after the end is noted."""
    if group_session.status == SessionStatus.OPEN:
        return True
    ended_at = group_session.closed_at or group_session.cancelled_at
    return is_reopenable(group_session) and ended_at is not None and at < ended_at + NOTE_MENDED
