"""What devices say during an evening: each change is written once, the last word on somebody stands, both are kept.

Every function is called inside the transaction of its batch, under the lock of the session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cpts_sessions.attendance import rules
from cpts_sessions.attendance.models import (
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    AttendanceTally,
    ChangeKind,
    Means,
)
from cpts_sessions.core import audit
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.people.queries import by_ids
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import queries as registrations
from cpts_sessions.registrations.models import Registration
from cpts_sessions.registrations.walk_ins import come_unannounced

#: A change older than this when it arrives had waited on the device.
AT_ONCE: Final = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Said:
    """Who says something, on which device, and when by the clock of the server."""

    key: UUID
    device: UUID
    said_at: datetime
    received_at: datetime
    actor_id: int
    has_waited: bool = False

    @property
    def means(self) -> Means:
        """How a presence said so is taken."""
        waited = self.has_waited or self.received_at - self.said_at > AT_ONCE
        return Means.OFFLINE if waited else Means.ANIMATOR


@dataclass(frozen=True)
class Added:
    """Somebody who came unannounced: who she is, and what the person who added her must know."""

    person_id: int
    is_new: bool  # was not on the list
    is_over_capacity: bool


def known(keys: list[UUID]) -> dict[UUID, AttendanceChange]:
    """Return the changes written already, by key."""
    statement = select(AttendanceChange).where(AttendanceChange.key.in_(keys))
    return {row.key: row for row in db.session.execute(statement).scalars()}


def mark(
    group_session: GroupSession, said: Said, person_id: int, status: AttendanceStatus, seen: datetime | None
) -> bool:
    """Note what became of one person of the list, unless something said later stands already.

    Args:
        seen: when the presence that the device showed was taken; None when it showed none. Another device that said
            otherwise without being seen was in conflict with this one: the trace says so.

    Returns:
        Whether it is a first mark that stands.
    """
    row = _attendance(group_session.id, person_id)
    change = _change(group_session, said, ChangeKind.MARK, person_id=person_id, value={"mark": status.value})
    if row is None:
        _add(group_session, person_id, status, said)
        return True
    change.is_retained = said.said_at >= row.taken_at
    if row.status != status and row.taken_at != seen:
        other = _last_of_another(group_session.id, person_id, said.device, row.taken_at)
        change.against = other.key if other else None
    if change.is_retained:
        _correct(group_session, row, status, said)
    return False


def walk_in(group_session: GroupSession, said: Said, told: Told) -> Added:
    """Note present somebody who came unannounced: never refused, even when the session is full; no mail.

    A name that the list of this session holds once is that person's, whatever else she is known by. What was typed
    is hers from then on: the trace keeps her id.

    Raises:
        RuleBroken: she animates the session.
    """
    is_full = registrations.seats_taken(group_session.id) >= group_session.capacity
    came = come_unannounced(group_session, _as_known(group_session, told))
    _change(group_session, said, ChangeKind.WALK_IN, person_id=came.person_id, value={})
    row = _attendance(group_session.id, came.person_id)
    if row is None:
        _add(group_session, came.person_id, AttendanceStatus.PRESENT, said)
    elif said.said_at >= row.taken_at:
        _correct(group_session, row, AttendanceStatus.PRESENT, said)
    if came.is_change:
        audit.record(
            group_session.organisation_id,
            "venue_sans_inscription",
            actor_id=said.actor_id,
            person_id=came.person_id,
            group_session_id=group_session.id,
        )
    return Added(came.person_id, came.is_change, came.is_change and is_full)


def tally(group_session: GroupSession, said: Said, profession_slug: str, step: int) -> None:
    """Count one presence more or less without a name; devices add up, and nothing goes below zero."""
    value = {"profession": profession_slug, "step": step}
    change = _change(group_session, said, ChangeKind.TALLY, person_id=None, value=value)
    statement = select(AttendanceTally).where(
        AttendanceTally.group_session_id == group_session.id, AttendanceTally.profession_slug == profession_slug
    )
    row = db.session.execute(statement).scalar_one_or_none()
    change.is_retained = (row.count if row else 0) + step >= 0
    if not change.is_retained:
        return
    if row is None:
        row = AttendanceTally(
            organisation_id=group_session.organisation_id,
            group_session_id=group_session.id,
            profession_slug=profession_slug,
        )
        db.session.add(row)
    row.count += step
    db.session.flush()


def keep(group_session: GroupSession, said: Said, kind: ChangeKind, *, is_retained: bool) -> None:
    """Keep in the trace that the evening was ended from a device."""
    _change(group_session, said, kind, person_id=None, value={}).is_retained = is_retained
    db.session.flush()


def _change(
    group_session: GroupSession, said: Said, kind: ChangeKind, *, person_id: int | None, value: dict[str, Any]
) -> AttendanceChange:
    change = AttendanceChange(
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        key=said.key,
        kind=kind.value,
        device=said.device,
        said_at=said.said_at,
        received_at=said.received_at,
        person_id=person_id,
        actor_id=said.actor_id,
        value=value,
    )
    db.session.add(change)
    return change


def _attendance(group_session_id: int, person_id: int) -> Attendance | None:
    statement = select(Attendance).where(
        Attendance.group_session_id == group_session_id, Attendance.person_id == person_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def _add(group_session: GroupSession, person_id: int, status: AttendanceStatus, said: Said) -> None:
    db.session.add(
        Attendance(
            organisation_id=group_session.organisation_id,
            group_session_id=group_session.id,
            person_id=person_id,
            status=status.value,
            means=said.means.value,
            taken_at=said.said_at,
        )
    )
    db.session.flush()


def _correct(group_session: GroupSession, row: Attendance, status: AttendanceStatus, said: Said) -> None:
    """Write what was said later over what stood; a change of mind is in the journal."""
    if row.status != status:
        audit.record(
            group_session.organisation_id,
            "presence_corrigee",
            actor_id=said.actor_id,
            person_id=row.person_id,
            group_session_id=group_session.id,
            avant=rules.WORDS[AttendanceStatus(row.status)],
            apres=rules.WORDS[status],
        )
    row.status, row.means, row.taken_at = status.value, said.means.value, said.said_at
    db.session.flush()


def _last_of_another(
    group_session_id: int, person_id: int, device: UUID, taken_at: datetime
) -> AttendanceChange | None:
    """Return what another device said of her and stands; None when this one said it, or no device did."""
    statement = select(AttendanceChange).where(
        AttendanceChange.group_session_id == group_session_id,
        AttendanceChange.person_id == person_id,
        AttendanceChange.device != device,
        AttendanceChange.said_at == taken_at,
    )
    return db.session.execute(statement.order_by(AttendanceChange.id.desc())).scalars().first()


def _as_known(group_session: GroupSession, told: Told) -> Told:
    """Return the record of the one person of this session, who animates included, who bears the name that was typed.

    Else what was typed.
    """
    statement = select(Registration.person_id).where(Registration.group_session_id == group_session.id).distinct()
    ids = [*db.session.execute(statement).scalars(), *(animator.person_id for animator in group_session.animators)]
    candidates = by_ids(group_session.organisation_id, ids)
    same = [one for one in candidates.values() if _may_be(one, told)]
    return Told.of(same[0]) if len(same) == 1 else told


def _may_be(person: Person, told: Told) -> bool:
    is_same_mailbox = not told.email or not person.email or told.email.strip().lower() == person.email
    return is_same_mailbox and rules.is_same_name(person, told.first_name, told.last_name)
