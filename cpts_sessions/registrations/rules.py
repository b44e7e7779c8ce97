"""Who gets a seat, until when, and what may still move. Pure: no Flask, no database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cpts_sessions.core.clock import at, local
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import hour, short_day, typo, weekday_day
from cpts_sessions.programmes.models import GroupSession, SessionStatus
from cpts_sessions.registrations.models import ReminderKind, Status

NO_OFFER_BEFORE_START = timedelta(hours=2)
OFFER_AT_MOST = timedelta(hours=48)
LEAST_NOTICE = timedelta(hours=3)
NIGHT_BEGINS = time(21)
NIGHT_ENDS = time(8)
LINK_OUTLIVES_SESSION = timedelta(hours=24)
#: When reminders leave: seven days before, and the day before, in Paris. What the worker missed, in the daytime.
WEEK_BEFORE = time(10)
DAY_BEFORE = time(18)
REMINDERS_FROM, REMINDERS_UNTIL = time(9), time(20)
WEEK_REMINDER_LASTS = timedelta(hours=24)
#: Who had her seat more recently than this needs no reminder seven days before.
SEATED_BEFORE_WEEK = timedelta(days=8)

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


def check_alone(group_session: GroupSession) -> None:
    """Refuse a seat in one date of a training: its dates go together.

    Raises:
        RuleBroken: one signs up to all of them.
    """
    if group_session.goes_together:
        raise RuleBroken("Les dates de cette formation vont ensemble : l’inscription vaut pour toutes.")


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


@dataclass(frozen=True)
class DueReminder:
    """A reminder that may be written now, to those who have a seat in a session of this day (in Paris)."""

    kind: ReminderKind
    day: date

    @property
    def midnight(self) -> datetime:
        """When the day begins."""
        return at(self.day, time())

    def seated_before(self, starts_at: datetime) -> datetime:
        """Before when one must have had one's seat: later, the confirmation said it all."""
        if self.kind == ReminderKind.WEEK:
            return starts_at - SEATED_BEFORE_WEEK
        return at(self.day - timedelta(days=1), time())

    def is_in_time(self, starts_at: datetime, *, now: datetime) -> bool:
        """Whether a session of that day begins late enough for it to serve."""
        return local(starts_at).date() == self.day and starts_at - now >= LEAST_NOTICE

    def useless_after(self, starts_at: datetime, *, now: datetime) -> datetime:
        """Until when its words are true: « dans une semaine », « demain », then « aujourd’hui »."""
        if self.kind == ReminderKind.WEEK:
            return at(self.day - timedelta(days=7), WEEK_BEFORE) + WEEK_REMINDER_LASTS
        return starts_at - LEAST_NOTICE if local(now).date() == self.day else self.midnight


def is_daytime(instant: datetime) -> bool:
    """Whether reminders and alerts may be written at this instant: from 9 h to 20 h in Paris."""
    return REMINDERS_FROM <= local(instant).time() < REMINDERS_UNTIL


def reminders_due(instant: datetime) -> list[DueReminder]:
    """Return the reminders that may be written at an instant; none outside the day.

    Those of seven days before for 24 hours from 10 h; those of the day before from 18 h, and on the day itself as
    long as they serve: a worker that was stopped drops what is late.
    """
    if not is_daytime(instant):
        return []
    wall = local(instant)
    week = wall.date() + timedelta(days=7 if wall.time() >= WEEK_BEFORE else 6)
    due = [DueReminder(ReminderKind.WEEK, week), DueReminder(ReminderKind.DAY, wall.date())]
    if wall.time() >= DAY_BEFORE:
        due.append(DueReminder(ReminderKind.DAY, wall.date() + timedelta(days=1)))
    return due


def decide_before(starts_at: datetime, *, now: datetime) -> datetime:
    """Until when the coordination decides about a session under its minimum: 18 h the day before, when people are
    reminded of it; once that has passed, three hours before it begins.
    """
    eve = at(local(starts_at).date() - timedelta(days=1), DAY_BEFORE)
    return eve if now < eve else starts_at - LEAST_NOTICE


def in_how_long(starts_at: datetime, *, now: datetime) -> str:
    """Return « dans trois jours », « demain », « aujourd’hui »: how far the day of a session is, at most three days."""
    days = (local(starts_at).date() - local(now).date()).days
    return ("aujourd’hui", "demain", "dans deux jours", "dans trois jours")[min(max(days, 0), 3)]
