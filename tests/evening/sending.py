"""What a device sends in the tests of an evening, and what is stored of it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cpts_sessions.attendance.models import Attendance, AttendanceChange, AttendanceStatus, AttendanceTally, ChangeKind
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.french import normalise
from cpts_sessions.evening import sync
from cpts_sessions.evening.sync import Change, Outcome
from cpts_sessions.extensions import db
from cpts_sessions.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import make_person, make_registration, told

PRESENT, ABSENT, EXCUSED = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED
MINE, HERS = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)


def expected(link, **changes) -> Registration:
    return make_registration(link.group_session, make_person(link.group_session.organisation, **changes))


def mark(registration: Registration, status: AttendanceStatus, at: datetime = NOW, **changes) -> Change:
    return Change(key=uuid4(), kind=ChangeKind.MARK, said_at=at, person=registration.public_id, mark=status, **changes)


def walk_in(at: datetime = NOW, **changes) -> Change:
    return Change(key=uuid4(), kind=ChangeKind.WALK_IN, said_at=at, told=told(**changes))


def tally(step: int, slug: str = "sage-femme") -> Change:
    return Change(key=uuid4(), kind=ChangeKind.TALLY, said_at=NOW, profession_slug=slug, step=step)


def send(link, *changes: Change, device: UUID = MINE, device_now: datetime = NOW) -> list[Outcome]:
    return sync.apply(link, device, device_now, changes)


def refusals(outcomes: list[Outcome]) -> list[str | None]:
    return [outcome.refusal and normalise(outcome.refusal) for outcome in outcomes]


def noted() -> list[tuple[str, str]]:
    rows = db.session.query(Attendance).order_by(Attendance.id)
    return [(row.status, row.means) for row in rows]


def trace() -> list[tuple[str, bool]]:
    return [(row.kind, row.is_retained) for row in db.session.query(AttendanceChange).order_by(AttendanceChange.id)]


def counted() -> dict[str, int]:
    return {row.profession_slug: row.count for row in db.session.query(AttendanceTally)}


def journal() -> list[tuple[str, dict]]:
    rows = db.session.query(AuditEntry).order_by(AuditEntry.id)
    return [(row.kind, row.values) for row in rows if row.kind.startswith(("presence", "venue"))]
