"""What is kept how long, and forgotten at night: the terms of the page « Vos données »."""

from calendar import monthrange
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, exists, or_, select, update

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import Role, RoleName
from cpts_sessions.attendance.models import Attendance, AttendanceChange, Attestation, Means
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import db
from cpts_sessions.mail import services as mail
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.organisations.models import Installation, Organisation
from cpts_sessions.organisations.queries import every
from cpts_sessions.people.models import Person
from cpts_sessions.polls.forgetting import forget_decided
from cpts_sessions.programmes.models import GroupSession, SeasonAnimator, SessionAnimator
from cpts_sessions.questionnaires.models import Box, QuestionnaireLink, Word
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.registrations.received import Letter, ReceivedMail
from cpts_sessions.rights import opaque
from cpts_sessions.rights.erase import erase

NIGHTLY_FROM_HOUR = 3  # local time
PHONES = timedelta(days=7)  # after the session


def run_nightly() -> bool:
    """Apply the terms to every organisation, once a day, from 3 h in Paris on.

    Returns:
        Whether it was time.
    """
    instant = now()
    if not _claim(instant):
        return False
    accounts.forget_old()
    for organisation in every():
        apply(organisation.id, instant)
    return True


def _claim(instant: datetime) -> bool:
    """Take tonight's turn; of two workers one has it, and what fails is done the night after."""
    if local(instant).hour < NIGHTLY_FROM_HOUR:
        return False
    day = local(instant).replace(hour=0, minute=0, second=0, microsecond=0)
    due = or_(Installation.last_retention_at.is_(None), Installation.last_retention_at < day)
    if db.session.execute(select(Installation.id).where(due)).first() is None:
        return False  # a look takes no lock: the worker asks all day long
    with transaction():
        return _run(update(Installation).where(due).values(last_retention_at=instant)) == 1


def apply(organisation_id: int, at: datetime) -> None:
    """Forget what an organisation no longer keeps at this instant; the counts stay. Running it again changes nothing.

    What was imported counts from its import: a history just entered is not forgotten the same night.
    """
    organisation = db.session.get_one(Organisation, organisation_id)
    before = months_before(at, organisation.registration_months)
    for person_id in _with_rows_before(organisation_id, before):
        _make_nameless(person_id, before)
    for person_id in _inactive(organisation_id, months_before(at, organisation.person_months)):
        erase(person_id, by_herself=False)
    with transaction():
        _forget_phones(organisation_id, at)
        _forget_evenings(organisation_id, before)
        mail.forget_old(organisation_id, months_before(at, organisation.message_months))
        _forget_words(organisation_id, months_before(at, organisation.message_months))
        _forget_letters(organisation_id, months_before(at, organisation.message_months))
        forget_decided(organisation_id, months_before(at, 3), months_before(at, 12))
        _forget_last_messages(organisation_id)
        _forget_links_of_boxes(organisation_id, months_before(at, 12))
        _forget_audit(organisation_id, months_before(at, 12 * organisation.audit_years))
        _forget_attestations(organisation_id, months_before(at, 12 * organisation.attestation_years))


def months_before(instant: datetime, months: int) -> datetime:
    """Return the same local day and hour so many months earlier; the last day of a shorter month."""
    wall = local(instant)
    year, month = divmod(wall.year * 12 + wall.month - 1 - months, 12)
    return wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))


def _is_over(before: datetime) -> ColumnElement[bool]:
    return (GroupSession.ends_at <= before) & _earlier(GroupSession.imported_at, before)


def _earlier(column: Any, before: datetime) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= before)


def _due(model: Any, before: datetime) -> tuple[ColumnElement[bool], ...]:
    """The rows about a session that have been kept long enough."""
    if model is Registration:
        return (_is_over(before), _earlier(Registration.imported_at, before))
    if model is Attendance:
        return (_is_over(before), or_(Attendance.means != Means.IMPORT, Attendance.taken_at <= before))
    return (_is_over(before),)


def _due_enrolment(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Enrolment.season < local(before).year, _earlier(Enrolment.imported_at, before))


def _with_rows_before(organisation_id: int, before: datetime) -> list[int]:
    living = select(Person.id).where(Person.organisation_id == organisation_id, Person.erased_at.is_(None))
    found: set[int] = set()
    for model in (Registration, Attendance, SessionAnimator):
        statement = select(model.person_id).join(GroupSession, GroupSession.id == model.group_session_id)
        found |= set(db.session.execute(statement.where(model.person_id.in_(living), *_due(model, before))).scalars())
    enrolled = select(Enrolment.person_id).where(Enrolment.person_id.in_(living), *_due_enrolment(before))
    return sorted(found | set(db.session.execute(enrolled).scalars()))


def _make_nameless(person_id: int, before: datetime) -> None:
    """Hang what is old enough on nameless persons; when she was last seen stays known of her record."""
    with transaction():
        person = db.session.get_one(Person, person_id)
        by_season: dict[int, list[opaque.Kept]] = defaultdict(list)
        last_seen = person.active_at
        for row, group_session in opaque.about_sessions(person_id, lambda model: _due(model, before)):
            by_season[group_session.season].append(row)
            last_seen = max(last_seen or group_session.ends_at, group_session.ends_at)
        statement = select(Enrolment).where(Enrolment.person_id == person_id, *_due_enrolment(before))
        for enrolment in db.session.execute(statement).scalars():
            by_season[enrolment.season].append(enrolment)
        for season, rows in by_season.items():
            opaque.hang(rows, opaque.nameless(person, season))
            opaque.cut(person, season)
        old = select(GroupSession.id).where(_is_over(before))
        trace = update(AttendanceChange).where(AttendanceChange.group_session_id.in_(old))
        db.session.execute(trace.where(AttendanceChange.person_id == person_id).values(person_id=None))
        over = SeasonAnimator.season < local(before).year
        db.session.execute(delete(SeasonAnimator).where(SeasonAnimator.person_id == person_id, over))
        person.active_at = last_seen


def _inactive(organisation_id: int, before: datetime) -> list[int]:
    """Return those nobody has seen since: no session, no sign-in, no season, no access to the CPTS's own pages."""
    recent = select(GroupSession.id).where(
        GroupSession.organisation_id == organisation_id,
        or_(GroupSession.ends_at > before, GroupSession.imported_at > before),
    )
    coordinates = (RoleName.COORDINATOR.value, RoleName.ADMINISTRATOR.value)
    keeps = [
        exists().where(model.person_id == Person.id, model.group_session_id.in_(recent))
        for model in (Registration, Attendance, SessionAnimator)
    ]
    keeps.append(
        exists().where(
            Enrolment.person_id == Person.id,
            or_(Enrolment.season >= local(before).year, Enrolment.imported_at > before),
        )
    )
    keeps.append(exists().where(Role.person_id == Person.id, Role.name.in_(coordinates)))
    statement = select(Person.id).where(
        Person.organisation_id == organisation_id,
        Person.erased_at.is_(None),
        Person.created_at <= before,
        _earlier(Person.imported_at, before),
        _earlier(Person.active_at, before),
        *(~kept for kept in keeps),
    )
    return sorted(db.session.execute(statement).scalars())


def _forget_phones(organisation_id: int, at: datetime) -> None:
    """Erase the telephone of each registration, then of whoever has been to a session and has none to come."""
    recent = select(GroupSession.id).where(
        GroupSession.organisation_id == organisation_id, GroupSession.ends_at > at - PHONES
    )
    ours = Registration.organisation_id == organisation_id, Registration.phone.is_not(None)
    _run(update(Registration).where(*ours, Registration.group_session_id.not_in(recent)).values(phone=None))
    came = exists().where(Registration.person_id == Person.id)
    comes = exists().where(Registration.person_id == Person.id, Registration.group_session_id.in_(recent))
    follows = exists().where(
        Enrolment.person_id == Person.id, Enrolment.left_at.is_(None), Enrolment.season >= local(at).year
    )
    theirs = Person.organisation_id == organisation_id, Person.phone.is_not(None)
    _run(update(Person).where(*theirs, came, ~comes, ~follows).values(phone=None))


def _forget_words(organisation_id: int, before: datetime) -> None:
    _run(delete(Word).where(Word.organisation_id == organisation_id, Word.written_at <= before))


def _forget_letters(organisation_id: int, before: datetime) -> None:
    """Delete what came in by mail, and which mails were read: none of them comes again after so long."""
    _run(delete(Letter).where(Letter.organisation_id == organisation_id, Letter.came_at <= before))
    _run(delete(ReceivedMail).where(ReceivedMail.organisation_id == organisation_id, ReceivedMail.read_at <= before))


def _forget_evenings(organisation_id: int, before: datetime) -> None:
    """Delete the links of evenings, and what was noted of them for the coordination."""
    over = select(GroupSession.id).where(GroupSession.organisation_id == organisation_id, _is_over(before))
    for model in (EveningLink, EveningNote):
        _run(delete(model).where(model.group_session_id.in_(over)))


def _forget_last_messages(organisation_id: int) -> None:
    """Delete the messages that were written to an address of which nothing else remains, once they have left."""
    _run(
        delete(OutboxMessage).where(
            OutboxMessage.organisation_id == organisation_id,
            OutboxMessage.kind == "effacement_fait",
            OutboxMessage.status.not_in((MessageStatus.QUEUED.value, MessageStatus.SENDING.value)),
        )
    )


def _forget_links_of_boxes(organisation_id: int, before: datetime) -> None:
    """Delete who could answer in a box that ended a year ago: until then the link says what became of it."""
    ended = select(Box.id).where(Box.organisation_id == organisation_id, Box.ended_at <= before)
    _run(delete(QuestionnaireLink).where(QuestionnaireLink.box_id.in_(ended)))


def _forget_audit(organisation_id: int, before: datetime) -> None:
    _run(delete(AuditEntry).where(AuditEntry.organisation_id == organisation_id, AuditEntry.at <= before))


def _forget_attestations(organisation_id: int, before: datetime) -> None:
    theirs = Attestation.organisation_id == organisation_id, Attestation.issued_at <= before
    _run(delete(Attestation).where(*theirs))


def _run(statement: Any) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount
