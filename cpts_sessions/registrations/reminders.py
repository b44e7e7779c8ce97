"""Reminders of a seat, seven days before and the day before: each once for a date, by the clock, in the daytime.

Written under the lock of the session, with the room and hour it then has. One that was withdrawn before it left,
because the session changed or because its words were no longer true, is written anew while there is time.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager

from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.registrations import messages, queries, rules
from cpts_sessions.registrations.models import Registration, Reminder, ReminderKind, Status
from cpts_sessions.registrations.rules import DueReminder

_WANTED = {ReminderKind.WEEK: Programme.reminds_week_before, ReminderKind.DAY: Programme.reminds_day_before}


def run() -> int:
    """Write the reminders that are due.

    Returns:
        How many messages were written.
    """
    return sum(
        _remind(group_session_id, due)
        for due in rules.reminders_due(now())
        for group_session_id, starts_at in _sessions_of(due)
        if _seats_to_remind(group_session_id, starts_at, due, most=1)
    )


def _sessions_of(due: DueReminder) -> list[tuple[int, datetime]]:
    """Return the sessions announced for a day for which the reminder serves, in the order of their ids."""
    statement = (
        select(GroupSession.id, GroupSession.starts_at)
        .join(Programme, Programme.id == GroupSession.programme_id)
        .where(
            GroupSession.status == SessionStatus.OPEN,
            GroupSession.starts_at >= due.midnight,
            GroupSession.starts_at < due.midnight + timedelta(hours=26),  # a day may have 25
            _WANTED[due.kind],
        )
        .order_by(GroupSession.id)
    )
    rows = [(row.id, row.starts_at) for row in db.session.execute(statement)]
    return [row for row in rows if due.is_in_time(row[1], now=now())]


def _seats_to_remind(
    group_session_id: int, starts_at: datetime, due: DueReminder, most: int | None = None
) -> list[tuple[Registration, Reminder | None]]:
    """Return who has a seat and an e-mail, and has had neither this reminder nor a fresh confirmation.

    With the reminder that was withdrawn, if there was one.
    """
    since = due.seated_before(starts_at)
    confirmation = aliased(OutboxMessage)
    just_told = exists().where(
        confirmation.registration_id == Registration.id,
        confirmation.kind.in_(messages.OF_A_NEW_SEAT),
        confirmation.created_at >= since,
    )
    about = and_(Reminder.registration_id == Registration.id, Reminder.kind == due.kind, Reminder.day == due.midnight)
    statement = (
        select(Registration, Reminder)
        .join(Registration.person)
        .outerjoin(Reminder, about)
        .outerjoin(OutboxMessage, OutboxMessage.id == Reminder.message_id)
        .where(
            Registration.group_session_id == group_session_id,
            Registration.status == Status.CONFIRMED,
            Registration.queued_at < since,
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            or_(Reminder.registration_id.is_(None), _will_not_leave()),
            ~just_told,
        )
        .order_by(Registration.id)
        .options(contains_eager(Registration.person))
        .limit(most)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _will_not_leave() -> ColumnElement[bool]:
    too_late = and_(OutboxMessage.status == MessageStatus.QUEUED, OutboxMessage.useless_after <= now())
    return or_(OutboxMessage.status == MessageStatus.OBSOLETE, too_late)


def _remind(group_session_id: int, due: DueReminder) -> int:
    with transaction():
        group_session = queries.lock_group_session(group_session_id)
        starts_at, moment = group_session.starts_at, now()
        if group_session.status != SessionStatus.OPEN or not due.is_in_time(starts_at, now=moment):
            return 0
        seats = _seats_to_remind(group_session_id, starts_at, due)
        values = messages.reminder_values(group_session, queries.count_waiting(group_session_id), moment)
        useless_after = due.useless_after(starts_at, now=moment)
        if never_left := [reminder.message_id for _, reminder in seats if reminder]:
            db.session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(never_left)))
        written = [
            (reminder or _first(registration, due), messages.remind(registration, due.kind, values, useless_after))
            for registration, reminder in seats
        ]
        db.session.flush()  # all the messages get their ids at once
        for reminder, message in written:
            reminder.message_id = message.id if message else None
            db.session.add(reminder)
        return len(written)


def _first(registration: Registration, due: DueReminder) -> Reminder:
    return Reminder(
        registration_id=registration.id,
        kind=due.kind.value,
        day=due.midnight,
        organisation_id=registration.organisation_id,
    )
