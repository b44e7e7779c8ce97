"""Noting who came to a session, walk-ins included: audited, told to nobody."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from cpts_sessions.attendance import queries, rules
from cpts_sessions.attendance.models import Attendance, AttendanceStatus, AttendanceTally, Means
from cpts_sessions.core import audit
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.queries import lock_group_session
from cpts_sessions.registrations.walk_ins import come_after_all, come_unannounced


def note(
    group_session_id: int,
    marks: Mapping[int, AttendanceStatus],
    *,
    actor_id: int,
    means: Means = Means.COORDINATION,
) -> int:
    """Note what became of these persons, by their id, as the coordination says it; the others stay as they are.

    Args:
        means: how it was taken; one that is confirmed keeps its own.

    Returns:
        How many marks are new or changed.

    Raises:
        RuleBroken: the session has not begun, is closed or cancelled; one of them had no seat in it.
    """
    with transaction():
        group_session = _locked(group_session_id)
        expected = {line.registration.person_id for line in queries.roll(group_session_id).lines}
        if not marks.keys() <= expected:
            raise RuleBroken("La liste a changé pendant que vous l’aviez ouverte. Rien n’est enregistré : relisez-la.")
        return _note(group_session, marks, actor_id, means)


def note_missing_absent(group_session_id: int, *, actor_id: int) -> int:
    """Note absent everybody expected of whom nothing was noted.

    Returns:
        How many.

    Raises:
        RuleBroken: the session has not begun, is closed or cancelled.
    """
    with transaction():
        group_session = _locked(group_session_id)
        missing = [line.registration.person_id for line in queries.roll(group_session_id).lines if line.mark is None]
        return _note(group_session, dict.fromkeys(missing, AttendanceStatus.ABSENT), actor_id, Means.COORDINATION)


def add_walk_in(group_session_id: int, told: Told, *, actor_id: int, means: Means = Means.COORDINATION) -> str:
    """Note present somebody who came unannounced: never refused, even when the session is full; no mail.

    Returns:
        What happened, in a sentence.

    Raises:
        RuleBroken: the session has not begun, is closed or cancelled; she animates it.
    """
    with transaction():
        group_session = _locked(group_session_id)
        came = come_unannounced(group_session, told)
        _write(group_session, {came.person_id: AttendanceStatus.PRESENT}, actor_id, means)
        name = came.registration.person.full_name
        if not came.is_change:
            return typo(f"{name} est déjà sur la liste : sa présence est notée.")
        audit.record(
            group_session.organisation_id,
            "venue_sans_inscription",
            actor_id=actor_id,
            person_id=came.person_id,
            group_session_id=group_session.id,
        )
        return typo(f"Ajout fait : la présence de {name} est notée.")


def _locked(group_session_id: int) -> GroupSession:
    group_session = lock_group_session(group_session_id)
    rules.check_can_be_noted(group_session, at=now())
    return group_session


def _note(group_session: GroupSession, marks: Mapping[int, AttendanceStatus], actor_id: int, means: Means) -> int:
    added, corrected = _write(group_session, marks, actor_id, means)
    if added:
        audit.record(
            group_session.organisation_id,
            "presences_notees",
            actor_id=actor_id,
            group_session_id=group_session.id,
            n=added,
        )
    return added + corrected


def _write(
    group_session: GroupSession, marks: Mapping[int, AttendanceStatus], actor_id: int, means: Means
) -> tuple[int, int]:
    """Write the marks, each correction in the journal; return how many are new, and how many are corrected."""
    statement = select(Attendance).where(Attendance.group_session_id == group_session.id)
    known = {row.person_id: row for row in db.session.execute(statement).scalars()}
    added = corrected = 0
    for person_id, status in marks.items():
        row = known.get(person_id)
        if row is None:
            db.session.add(_row(group_session, person_id, status, means))
            added += 1
        elif row.status != status:
            audit.record(
                group_session.organisation_id,
                "presence_corrigee",
                actor_id=actor_id,
                person_id=person_id,
                group_session_id=group_session.id,
                avant=rules.WORDS[AttendanceStatus(row.status)],
                apres=rules.WORDS[status],
            )
            row.status, row.means, row.taken_at = status.value, means.value, now()
            corrected += 1
    db.session.flush()
    return added, corrected


def _row(
    group_session: GroupSession, person_id: int, status: AttendanceStatus, means: Means = Means.COORDINATION
) -> Attendance:
    return Attendance(
        organisation_id=group_session.organisation_id,
        group_session_id=group_session.id,
        person_id=person_id,
        status=status.value,
        means=means.value,
    )


def seat_who_came(group_session: GroupSession) -> None:
    """Write as come unannounced whoever is noted present and gave her seat back; the session is locked by the caller.

    She counts as everybody who came.
    """
    for line in queries.roll(group_session.id).lines:
        if line.mark == AttendanceStatus.PRESENT and line.registration.status not in queries.EXPECTED:
            come_after_all(line.registration)


def forget_noted(group_session: GroupSession) -> None:
    """Remove everything noted of a session that is to come, counts without names included; its row is locked."""
    for model in (Attendance, AttendanceTally):
        db.session.execute(delete(model).where(model.group_session_id == group_session.id))
    db.session.expire_all()


def write_animators(group_session: GroupSession) -> None:
    """Write, once, her ordinary "present" row to each who animates; the session's row is locked by the caller."""
    noted = queries.statuses_at(group_session.id)
    for animator in group_session.animators:
        if animator.person_id not in noted:
            db.session.add(_row(group_session, animator.person_id, AttendanceStatus.PRESENT))
    db.session.flush()


def forget_animators(group_session: GroupSession) -> None:
    """Remove the rows that closing wrote: of those noted by the coordination without having held a seat."""
    lines = [line.registration for line in queries.roll(group_session.id).lines]
    expected = [one.person_id for one in lines if one.status in queries.EXPECTED]
    statement = select(Attendance).where(
        Attendance.group_session_id == group_session.id,
        Attendance.means == Means.COORDINATION,
        Attendance.person_id.not_in(expected),
    )
    for row in db.session.execute(statement).scalars():
        db.session.delete(row)
    db.session.flush()
