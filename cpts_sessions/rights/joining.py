"""The places, presences and seasons of two records, joined on the first."""

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from cpts_sessions.attendance.models import Attendance, AttendanceChange, AttendanceStatus
from cpts_sessions.core.clock import now
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import db
from cpts_sessions.ical.changes import Event
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.mail.outbox import About
from cpts_sessions.mail.services import drop_for_registration
from cpts_sessions.people.messages import write_to
from cpts_sessions.people.models import Person
from cpts_sessions.programmes import wording
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations import calendar, messages
from cpts_sessions.registrations.models import SEATED, Enrolment, Registration, Status
from cpts_sessions.registrations.rules import STRENGTH

ATTENDANCE_STRENGTH = (AttendanceStatus.PRESENT, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT)
_WHY = "deux fiches à votre nom ont été réunies ; votre autre inscription à cette séance reste valable"

Couple = tuple[Registration | None, Registration | None]


def registrations_of(keep: Person, absorb: Person) -> list[Couple]:
    """Return the rows of both, side by side for each session, in the order of the sessions' ids."""
    statement = (
        select(Registration)
        .where(Registration.person_id.in_((keep.id, absorb.id)))
        .order_by(Registration.group_session_id)
        .options(joinedload(Registration.group_session))
    )
    rows = list(db.session.execute(statement).scalars())
    by_session: dict[int, Couple] = {}
    for row in rows:
        mine, hers = by_session.get(row.group_session_id, (None, None))
        by_session[row.group_session_id] = (row, hers) if row.person_id == keep.id else (mine, row)
    return list(by_session.values())


def stronger(one: Registration, other: Registration) -> tuple[Registration, Registration]:
    """Return the row to keep, then the other: the strongest state, of two alike the first to have asked."""
    first, second = sorted((one, other), key=lambda row: (STRENGTH.index(Status(row.status)), row.queued_at, row.id))
    return first, second


def frees_a_seat(kept: Registration, dropped: Registration) -> bool:
    """Whether the session has one seat more to give."""
    is_to_come = kept.group_session.starts_at > now()
    return is_to_come and kept.status in SEATED and dropped.status in SEATED


def join_registrations(keep: Person, absorb: Person) -> set[int]:
    """Hang every place on the kept record; the sessions' rows are locked by the caller.

    Returns:
        The ids of the sessions that have a seat to give.
    """
    freed = set()
    for mine, hers in registrations_of(keep, absorb):
        if hers is None:
            continue
        row = hers
        if mine is not None:
            row, dropped = stronger(mine, hers)
            if frees_a_seat(row, dropped):
                freed.add(row.group_session_id)
            _drop(dropped, row)
        row.person_id = keep.id
        row.made_person = False  # "Ce n'est pas moi" must not take the whole record away
        db.session.flush()
        db.session.expire(row, ["person"])
    return freed


def _drop(dropped: Registration, kept: Registration) -> None:
    """Remove the weaker row; its calendar copy is withdrawn when an e-mail reaches it."""
    first_invitation_waits = dropped.sequence == 0 and any(one.calendar for one in _waiting_about(dropped))
    drop_for_registration(dropped.id)
    kept.enrolment_id = kept.enrolment_id or dropped.enrolment_id
    kept.phone = kept.phone or dropped.phone
    is_reached = dropped.person.email is not None and dropped.person.bounced_at is None
    is_to_come = dropped.group_session.starts_at > now()
    if dropped.is_invited and is_reached and is_to_come and not first_invitation_waits:
        group_session = dropped.group_session
        write_to(
            dropped.person,
            "desinscription_par_la_coordination",
            {**wording.session_values(group_session), "raison": _WHY},
            calendar=calendar.tell(dropped, group_session, Event.WITHDRAWN),
            about=About(group_session_id=group_session.id, useless_after=group_session.ends_at),
        )
    db.session.delete(dropped)
    db.session.flush()


def _waiting_about(registration: Registration) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(
        OutboxMessage.registration_id == registration.id, OutboxMessage.status == MessageStatus.QUEUED
    )
    return list(db.session.execute(statement).scalars())


def join_attendances(keep: Person, absorb: Person) -> None:
    """Hang every presence on the kept record; noted twice, present weighs more than excused, excused than absent."""
    statement = select(Attendance).where(Attendance.person_id.in_((keep.id, absorb.id)))
    rows = list(db.session.execute(statement).scalars())
    mine = {row.group_session_id: row for row in rows if row.person_id == keep.id}
    for row in rows:
        if row.person_id != absorb.id:
            continue
        other = mine.get(row.group_session_id)
        if other is not None:
            kept, dropped = sorted(
                (other, row), key=lambda one: ATTENDANCE_STRENGTH.index(AttendanceStatus(one.status))
            )
            db.session.delete(dropped)
            db.session.flush()
            kept.person_id = keep.id
        else:
            row.person_id = keep.id
        db.session.flush()
    trace = update(AttendanceChange).where(AttendanceChange.person_id == absorb.id)
    db.session.execute(trace.values(person_id=keep.id))


def join_enrolments(keep: Person, absorb: Person) -> None:
    """Hang every season on the kept record; of two for one season the standing one is kept, else the first."""
    statement = select(Enrolment).where(Enrolment.person_id.in_((keep.id, absorb.id)))
    rows = list(db.session.execute(statement).scalars())
    mine = {(row.programme_id, row.season): row for row in rows if row.person_id == keep.id}
    for row in rows:
        if row.person_id != absorb.id:
            continue
        kept, other = row, mine.get((row.programme_id, row.season))
        if other is not None:
            kept, dropped = sorted((other, row), key=_standing_first)
            kept.continue_asked_at = kept.continue_asked_at or dropped.continue_asked_at
            kept.continue_refused_at = kept.continue_refused_at or dropped.continue_refused_at
            messages.drop_about(dropped)
            moved = update(Registration).where(Registration.enrolment_id == dropped.id)
            db.session.execute(moved.values(enrolment_id=kept.id))
            db.session.delete(dropped)
            db.session.flush()
        kept.person_id = keep.id
        kept.made_person = False
        db.session.flush()
        db.session.expire(kept, ["person"])


def _standing_first(row: Enrolment) -> tuple[bool, bool, float, int]:
    return row.left_at is not None, row.is_pending, row.created_at.timestamp(), row.id


def join_animated(keep: Person, absorb: Person) -> None:
    """Hang what she animates on the kept record; of two for one session the one whose invitation stands is kept."""
    statement = select(SessionAnimator).where(SessionAnimator.person_id.in_((keep.id, absorb.id)))
    rows = list(db.session.execute(statement).scalars())
    mine = {row.group_session_id: row for row in rows if row.person_id == keep.id}
    for row in rows:
        if row.person_id != absorb.id:
            continue
        kept, other = row, mine.get(row.group_session_id)
        if other is not None:
            kept, dropped = sorted((other, row), key=lambda one: not one.is_invited)
            db.session.delete(dropped)
            db.session.flush()
        kept.person_id = keep.id
        db.session.flush()
        db.session.expire(kept, ["person"])


def join_evenings(keep: Person, absorb: Person) -> None:
    """Hang her evening links and notes on the kept record; of two links of one session the absorbed one is dead."""
    statement = select(EveningLink).where(EveningLink.person_id.in_((keep.id, absorb.id)))
    rows = list(db.session.execute(statement).scalars())
    known = {row.group_session_id for row in rows if row.person_id == keep.id}
    for row in rows:
        if row.person_id == absorb.id:
            if row.group_session_id in known:
                db.session.delete(row)
            else:
                row.person_id = keep.id
    notes = update(EveningNote).where(EveningNote.person_id == absorb.id)
    db.session.execute(notes.values(person_id=keep.id))
    db.session.flush()
