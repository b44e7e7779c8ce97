"""An evening that is over, as the tests of its end find it: the session, who had a seat, what was noted."""

import pytest

from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import animation
from cpts_sessions.registrations.models import Registration
from cpts_sessions.reports.season import season_report
from tests.factories import (
    make_person,
    make_registration,
)

PRESENT, ABSENT, EXCUSED = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED
EVA = 7  # who coordinates, as the journal keeps it


def somebody(one: GroupSession, status: str = "confirmed", **changes: object) -> Registration:
    return make_registration(one, make_person(one.organisation, **changes), status)


def animated_by(one: GroupSession, **changes: object) -> int:
    person = make_person(one.organisation, **changes)
    with transaction():
        animation.attach(db.session.merge(one), person)
    return person.id


def figures(one: GroupSession) -> tuple[int, int, int]:
    """Inscrits distincts, présents distincts, présences cumulées."""
    counting = season_report(one.organisation_id, 2026).together.counting
    return counting.enrolled_distinct, counting.present_distinct, counting.attendances


def journal() -> list[tuple[str, int | None]]:
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id)
    return [(entry.kind, entry.person_id) for entry in entries if entry.actor_id == EVA]


def refusal_of(act, *given: object) -> str:
    with pytest.raises(RuleBroken) as refused:
        act(*given, actor_id=EVA)
    return normalise(str(refused.value))
