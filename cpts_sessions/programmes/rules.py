"""What a programme and a session must be, and the state of a session in one word. Pure: no Flask, no database."""

from datetime import datetime, timedelta

from cpts_sessions.core.clock import local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import fold, hour, typo
from cpts_sessions.programmes.models import GroupSession, SessionStatus

MOST_PLACES = 200
MOST_HOURS = 24
#: How long before the start the coordination is asked about a session under its minimum.
DECIDES_BEFORE = timedelta(days=3)
#: How long after its end a session should be closed: then whoever animates is reminded, and the coordination sees it.
CLOSED_WITHIN = timedelta(hours=48)


def slug_of(name: str) -> str:
    """Return the short name of a programme for commands, imports and reports: « cercle-de-paroles »."""
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(name))
    return "-".join(letters.split())[:60].strip("-")


def check_sizes(capacity: int, minimum: int) -> None:
    """Refuse places and a minimum that no session could have.

    Raises:
        RuleBroken: no place, too many, or a minimum above the places.
    """
    if not 1 <= capacity <= MOST_PLACES:
        raise RuleBroken(f"Indiquez un nombre de places de 1 à {MOST_PLACES}.")
    if minimum < 0:
        raise RuleBroken("Le minimum ne peut pas être négatif.")
    if minimum > capacity:
        raise RuleBroken(typo(f"Le minimum ({minimum}) dépasse le nombre de places ({capacity})."))


def check_hours(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a session that ends before it begins, or lasts more than a day.

    Raises:
        RuleBroken: the hours are impossible.
    """
    if ends_at <= starts_at:
        raise RuleBroken(typo(f"La fin ({hour(local(ends_at))}) précède le début ({hour(local(starts_at))})."))
    if ends_at - starts_at > timedelta(hours=MOST_HOURS):
        raise RuleBroken("Une séance dure moins d’un jour.")


def check_date(starts_at: datetime, *, after_the_fact: bool, at: datetime) -> None:
    """Refuse a past date that is not said to be entered after the fact, and a coming one that is.

    Raises:
        RuleBroken: the date does not fit.
    """
    if starts_at <= at and not after_the_fact:
        raise RuleBroken(
            "Cette date est passée. Pour une séance qui a déjà eu lieu, cochez « saisie après coup » : "
            "personne ne sera prévenu."
        )
    if starts_at > at and after_the_fact:
        raise RuleBroken("Cette date est à venir : décochez « saisie après coup », ou corrigez le jour.")


def state(group_session: GroupSession, taken: int, *, at: datetime) -> str:
    """Return the one word that says most of a session: stored, or computed from the clock and the seats taken.

    Returns:
        draft, open, held, cancelled; or full, below_minimum, closed, to_close, past.
    """
    if group_session.status != SessionStatus.OPEN:
        is_forgotten = group_session.status == SessionStatus.DRAFT and group_session.starts_at <= at
        return "past" if is_forgotten else str(group_session.status)
    if group_session.starts_at <= at:
        return "to_close" if group_session.ends_at <= at else "closed"
    if is_below_minimum(group_session, taken, at=at):
        return "below_minimum"
    if taken >= group_session.capacity:
        return "full"
    return "open" if takes_sign_ups(group_session, at=at) else "closed"


def takes_sign_ups(group_session: GroupSession, *, at: datetime) -> bool:
    """Whether the days of sign-up of an open session have begun and are not over."""
    has_opened = group_session.opens_at is None or group_session.opens_at <= at
    return has_opened and (group_session.closes_at is None or at < group_session.closes_at)


def is_below_minimum(group_session: GroupSession, taken: int, *, at: datetime) -> bool:
    """Whether an open session is near enough for its minimum to matter, and does not reach it."""
    is_near = at < group_session.starts_at <= at + DECIDES_BEFORE
    return group_session.status == SessionStatus.OPEN and is_near and taken < group_session.minimum
