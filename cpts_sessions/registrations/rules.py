"""Who gets a seat, until when, and what may still move. Pure: no Flask, no database."""

from datetime import datetime, time, timedelta

from cpts_sessions.core.clock import at, local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hour, short_day, typo, weekday_day
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations.models import Status

NO_OFFER_BEFORE_START = timedelta(hours=2)
OFFER_AT_MOST = timedelta(hours=48)
LEAST_NOTICE = timedelta(hours=3)
NIGHT_BEGINS = time(21)
NIGHT_ENDS = time(8)
LINK_OUTLIVES_SESSION = timedelta(hours=24)

#: From the strongest claim to the weakest: what is kept when two records of one person are merged.
STRENGTH = (
    Status.CONFIRMED,
    Status.WALK_IN,
    Status.OFFERED,
    Status.WAITING,
    Status.REQUESTED,
    Status.DECLINED,
    Status.CANCELLED,
)


def check_open(group_session: GroupSession, *, at: datetime) -> None:
    """Refuse a sign-up to a session that takes none at this instant.

    Raises:
        RuleBroken: it is cancelled, in preparation, over or begun, or outside its days of sign-up.
    """
    check_not_begun(group_session, at=at)
    if group_session.opens_at and at < group_session.opens_at:
        opens = local(group_session.opens_at)
        raise RuleBroken(typo(f"Les inscriptions ouvrent le {short_day(opens)} à {hour(opens)}."))
    if group_session.closes_at and at >= group_session.closes_at:
        closed = weekday_day(local(group_session.closes_at))
        raise RuleBroken(
            typo(
                f"Les inscriptions à cette séance sont closes depuis le {closed}. "
                "Écrivez à la coordination s’il vous tient à cœur de venir."
            )
        )


def check_season(season: int, *, at: datetime) -> None:
    """Refuse to follow a season (calendar year, in Paris) that is over: it lapses on 31 December.

    Raises:
        RuleBroken: it is over.
    """
    if season < local(at).year:
        raise RuleBroken(typo(f"La saison {season} est terminée : inscrivez-vous à une date de la nouvelle."))


def check_not_begun(group_session: GroupSession, *, at: datetime) -> None:
    """Refuse any change of seat once a session has begun, or when it does not take place.

    Raises:
        RuleBroken: it is cancelled, in preparation, over or begun.
    """
    if group_session.status == SessionStatus.CANCELLED:
        raise RuleBroken(typo(f"Cette séance est annulée. Motif : {group_session.cancel_reason}."))
    if group_session.status == SessionStatus.DRAFT:
        raise RuleBroken("Cette séance n’est pas encore annoncée.")
    if at >= group_session.ends_at:
        raise RuleBroken(typo(f"Cette séance a eu lieu le {weekday_day(local(group_session.starts_at))}."))
    if at >= group_session.starts_at:
        raise RuleBroken(
            typo(
                "La séance a commencé. Si vous êtes sur place, présentez-vous à la personne qui anime : "
                "elle vous ajoute à la liste, même si c’est complet."
            )
        )


def status_for_new(taken: int, capacity: int) -> Status:
    """Return what a new request becomes: a seat while one is free, else a place on the list."""
    return Status.CONFIRMED if taken < capacity else Status.WAITING


def mail_leaves_at(instant: datetime) -> datetime:
    """Return when a mail about a seat leaves: at once, or at 8 h if it is between 21 h and 8 h in Paris."""
    wall = local(instant)
    if wall.time() >= NIGHT_BEGINS:
        return at(wall.date() + timedelta(days=1), NIGHT_ENDS)
    if wall.time() < NIGHT_ENDS:
        return at(wall.date(), NIGHT_ENDS)
    return instant


def offer_deadline(leaves_at: datetime, starts_at: datetime) -> datetime | None:
    """Until when a freed seat is kept for the person it is offered to.

    48 hours, or half of the time left when the session is nearer, never inside its last two hours.

    Returns:
        An aware instant, or None when the mail cannot leave three hours before the start: the
        seat is then free for the first who takes it.
    """
    left = starts_at - leaves_at
    if left < LEAST_NOTICE:
        return None
    return min(leaves_at + min(OFFER_AT_MOST, left / 2), starts_at - NO_OFFER_BEFORE_START)


def link_expires_at(group_session: GroupSession) -> datetime:
    """Until when the link to a registration opens its page."""
    return group_session.ends_at + LINK_OUTLIVES_SESSION


def check_capacity(capacity: int, taken: int) -> None:
    """Refuse a capacity below the seats already taken or held.

    Raises:
        RuleBroken: nobody loses a seat by a change of capacity.
    """
    if capacity < taken:
        raise RuleBroken(
            typo(
                f"Places prises ou gardées : {taken}. La capacité ne peut pas descendre à {capacity}. "
                "Retirez d’abord des inscriptions."
            )
        )
