"""Where an attestation stands today, and what is shown of it: to whoever has its code, to her, to the coordination."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_sessions.attendance import attested
from cpts_sessions.attendance.attested import Presence
from cpts_sessions.attendance.attested_presences import presences_at, presences_of
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.people.professions import by_slug
from cpts_sessions.programmes.models import GroupSession, SessionStatus


class State(StrEnum):
    """Where an attestation stands."""

    VALID = "valid"
    SUSPENDED = "suspended"  # a session it names was opened again: its presences are being corrected
    WITHDRAWN = "withdrawn"  # they were, and she is not among them
    OUTDATED = "outdated"  # a session it names did not begin or end when it says


@dataclass(frozen=True)
class Checked:
    """What a code says to whoever has it; `facts` are empty unless it stands."""

    state: State
    facts: Mapping[str, Any]
    withdrawn_at: datetime | None
    is_statement: bool


@dataclass(frozen=True)
class Line:
    """One presence that can be attested: `row` is None until it is; `is_new_name`: it would now say something else."""

    person: Person
    group_session: GroupSession
    row: Attestation | None
    state: State | None
    is_new_name: bool = False

    @property
    def is_to_prepare(self) -> bool:
        """Whether another attestation would say what this one does not, or no longer says."""
        return self.row is None or self.is_new_name


def check(organisation_id: int, typed: str) -> Checked | None:
    """Return what a code of this organisation says; None when it says nothing."""
    code = attested.read_code(typed)
    statement = select(Attestation).where(Attestation.code == code, Attestation.organisation_id == organisation_id)
    row = db.session.execute(statement).scalar_one_or_none() if code else None
    if row is None:
        return None
    state = standing(row, sessions_of([row]))
    facts = row.facts if state is State.VALID else {}
    return Checked(state, facts, row.withdrawn_at, row.season is not None)


def standing(row: Attestation, sessions: Mapping[str, GroupSession]) -> State:
    """Return where an attestation stands; `sessions` are those it names, by their public id."""
    if row.withdrawn_at:
        return State.WITHDRAWN
    named = [(line, sessions.get(line["seance"])) for line in row.facts["seances"]]
    if any(session is None or session.status != SessionStatus.HELD for _, session in named):
        return State.SUSPENDED
    if any(session and not attested.has_kept_its_hours(line, session) for line, session in named):
        return State.OUTDATED
    return State.VALID


def of_person(organisation_id: int, person_id: int) -> list[Line]:
    """Return what one person was or may be attested, session by session, the latest first.

    What was withdrawn is left out; the presence it was about may be attested again.
    """
    presences = {one.group_session.id: one for one in presences_of(organisation_id, person_id)}
    rows = latest_of(organisation_id, [person_id])
    sessions = sessions_of(rows.values())
    found = _lines(organisation_id, list(presences.values()), rows, sessions)
    person = db.session.get_one(Person, person_id)
    for (_, session_id), row in rows.items():
        if session_id not in presences:
            (line,) = row.facts["seances"]
            if group_session := sessions.get(line["seance"]):
                found.append(Line(person, group_session, row, standing(row, sessions)))
    return sorted(found, key=lambda one: (one.group_session.starts_at, one.group_session.id), reverse=True)


def at_session(group_session: GroupSession) -> list[Line]:
    """Return who may be attested at one session, by name; nobody while it is not closed."""
    if group_session.status != SessionStatus.HELD:
        return []
    presences = presences_at(group_session)
    ids = [one.person.id for one in presences]
    rows = latest_of(group_session.organisation_id, ids, [group_session.id])
    sessions = {str(group_session.public_id): group_session}
    found = _lines(group_session.organisation_id, presences, rows, sessions)
    return sorted(found, key=lambda one: (one.person.last_name, one.person.first_name, one.person.id))


def _lines(
    organisation_id: int,
    presences: list[Presence],
    rows: Mapping[tuple[int, int], Attestation],
    sessions: Mapping[str, GroupSession],
) -> list[Line]:
    professions = by_slug(organisation_id)
    organisation = db.session.get_one(Organisation, organisation_id)
    found = []
    for one in presences:
        row = rows.get((one.person.id, one.group_session.id))
        if row is None:
            found.append(Line(one.person, one.group_session, None, None))
            continue
        facts = attested.session_facts(one, professions, organisation)
        is_new = not attested.says_the_same(row.facts, facts)
        found.append(Line(one.person, one.group_session, row, standing(row, sessions), is_new))
    return found


def of_hers(organisation_id: int, person_id: int, public_id: UUID) -> Attestation | None:
    """Return an attestation, or a statement, of this very person; None when it is somebody else's."""
    statement = select(Attestation).where(
        Attestation.public_id == public_id,
        Attestation.organisation_id == organisation_id,
        Attestation.person_id == person_id,
    )
    return db.session.execute(statement).scalar_one_or_none()


def latest_of(
    organisation_id: int, person_ids: Collection[int], group_session_ids: Collection[int] | None = None
) -> dict[tuple[int, int], Attestation]:
    """Return the latest attestation not withdrawn of each (person, session)."""
    statement = select(Attestation).where(
        Attestation.organisation_id == organisation_id,
        Attestation.person_id.in_(person_ids),
        Attestation.group_session_id.is_not(None),
        Attestation.withdrawn_at.is_(None),
    )
    if group_session_ids is not None:
        statement = statement.where(Attestation.group_session_id.in_(group_session_ids))
    rows = db.session.execute(statement.order_by(Attestation.id)).scalars()
    return {(row.person_id or 0, row.group_session_id or 0): row for row in rows}


def sessions_of(rows: Iterable[Attestation]) -> dict[str, GroupSession]:
    """Return the sessions that these attestations name, by their public id."""
    named = {UUID(line["seance"]) for row in rows for line in row.facts["seances"]}
    statement = (
        select(GroupSession).where(GroupSession.public_id.in_(named)).options(joinedload(GroupSession.programme))
    )
    return {str(one.public_id): one for one in db.session.execute(statement).scalars()}
