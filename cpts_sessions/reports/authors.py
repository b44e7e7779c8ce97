"""Who wrote or froze a report, by her name of today; of a merged record, by the one that was kept."""

from collections.abc import Iterable

from sqlalchemy import select

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.reports.journal import ERASED


def names_of(organisation_id: int, person_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return a name for each of these ids, « une personne effacée » when nobody has it any more."""
    wanted = set(person_ids)
    known = _living(organisation_id, wanted)
    if wanted - known.keys() - {None}:
        became = _merged(organisation_id)
        last = {one: _follow(became, one) for one in wanted if one is not None and one not in known}
        living = _living(organisation_id, last.values())
        known |= {one: living[kept] for one, kept in last.items() if kept in living}
    return {one: known.get(one or 0, ERASED) for one in wanted}


def _living(organisation_id: int, ids: Iterable[int | None]) -> dict[int, str]:
    persons = select(Person).where(Person.organisation_id == organisation_id, Person.id.in_({*ids} - {None}))
    return {one.id: one.full_name for one in db.session.execute(persons).scalars() if one.erased_at is None}


def _merged(organisation_id: int) -> dict[int, int]:
    statement = select(AuditEntry).where(AuditEntry.organisation_id == organisation_id, AuditEntry.kind == "fusion")
    return {
        int(one.values["absorbed_id"]): one.person_id
        for one in db.session.execute(statement).scalars()
        if one.person_id is not None and one.values.get("absorbed_id")
    }


def _follow(became: dict[int, int], person_id: int) -> int:
    """Return the record that is left of several merged in turn; ids never come back, hence never in a circle."""
    while person_id in became:
        person_id = became[person_id]
    return person_id
