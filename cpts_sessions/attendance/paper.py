"""What came back on paper, noted by the coordination: a signed sheet, or numbers without names; also months later."""

from collections.abc import Mapping

from sqlalchemy import select

from cpts_sessions.attendance import rules, services
from cpts_sessions.attendance.models import AttendanceStatus, AttendanceTally, Means
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.services import Told
from cpts_sessions.registrations.queries import lock_group_session


def note_sheet(
    group_session_id: int,
    marks: Mapping[int, AttendanceStatus],
    *,
    came: Told | None = None,
    others_absent: bool = False,
    actor_id: int,
) -> str:
    """Note what a signed sheet says: marks by the id of the person, perhaps one who came unannounced; all or nothing.

    Args:
        others_absent: whether those of whom nothing is noted then were absent.

    Returns:
        What happened, in a sentence; empty when nothing changed.

    Raises:
        RuleBroken: as `services.note` and `services.add_walk_in`.
    """
    with transaction():
        changed = services.note(group_session_id, marks, actor_id=actor_id, means=Means.PAPER)
        said = services.add_walk_in(group_session_id, came, actor_id=actor_id, means=Means.PAPER) if came else ""
        if others_absent:
            changed += services.note_missing_absent(group_session_id, actor_id=actor_id)
        return said or ("Enregistré." if changed else "")


def note_numbers(group_session_id: int, counts: Mapping[str, int], *, actor_id: int) -> bool:
    """Write how many came of each profession, without names, in place of what was counted; an empty slug: not told.

    Returns:
        Whether anything changed.

    Raises:
        RuleBroken: the session has not begun, is closed or cancelled.
    """
    with transaction():
        group_session = lock_group_session(group_session_id)
        rules.check_can_be_noted(group_session, at=now())
        statement = select(AttendanceTally).where(AttendanceTally.group_session_id == group_session_id)
        known = {row.profession_slug: row for row in db.session.execute(statement).scalars()}
        if all(count == (known[slug].count if slug in known else 0) for slug, count in counts.items()):
            return False
        for slug, count in counts.items():
            row = known.get(slug)
            if row is not None:
                row.count = count
            elif count:
                db.session.add(
                    AttendanceTally(
                        organisation_id=group_session.organisation_id,
                        group_session_id=group_session_id,
                        profession_slug=slug,
                        count=count,
                    )
                )
        audit.record(
            group_session.organisation_id,
            "decompte_note",
            actor_id=actor_id,
            group_session_id=group_session_id,
            n=sum(counts.values()),
        )
        return True
