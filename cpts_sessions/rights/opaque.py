"""Past seasons without names: what remains of somebody hangs on nameless persons, one per person and season.

While only part of a season is nameless, the key of its nameless person is an HMAC of hers: the count of the season
finds that both are one, and nobody else can. Once nothing of the season is hers any more the key is replaced by
chance: then nothing leads from one to the other, not even the master key.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import ColumnElement, select, update

from cpts_sessions.attendance.models import Attendance, Attestation
from cpts_sessions.core.clock import now
from cpts_sessions.core.secrets import derive
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, SessionAnimator
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.registrations.queries import season_bounds

_KEYED = "effacée:saison:"

#: Everything that counts in a report, and goes on counting without her name.
Kept = Registration | Attendance | SessionAnimator | Enrolment
Row = TypeVar("Row", bound=Any)


def about_sessions(
    person_id: int, conditions: Callable[[Any], Sequence[ColumnElement[bool]]] = lambda _model: ()
) -> Iterator[tuple[Registration | Attendance | SessionAnimator, GroupSession]]:
    """Give everything of hers that is about a session, with it; `conditions` are asked for each table."""
    for model in (Registration, Attendance, SessionAnimator):
        about: Any = model
        statement = select(about, GroupSession).join(GroupSession, GroupSession.id == about.group_session_id)
        statement = statement.where(about.person_id == person_id, *conditions(about))
        yield from ((row, group_session) for row, group_session in db.session.execute(statement))


def nameless(person: Person, season: int) -> Person:
    """Return the nameless person on whom this season of hers hangs, made the first time."""
    identity = _key(person, season)
    statement = select(Person).where(Person.organisation_id == person.organisation_id, Person.identity == identity)
    known = db.session.execute(statement).scalar_one_or_none()
    if known is not None:
        return known
    made = Person(
        organisation_id=person.organisation_id,
        first_name="",
        last_name="",
        identity=identity,
        civility=person.civility,
        profession_slug=person.profession_slug,
        erased_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def hang(rows: Sequence[Kept], holder: Person) -> None:
    """Move rows to a nameless person: names, telephones, links and calendar copies go, professions stay."""
    for row in rows:
        if isinstance(row, Attendance):
            _put_past_doubt(row)
        row.person_id = holder.id
        if isinstance(row, Attendance):
            continue
        row.public_id = uuid4()
        if isinstance(row, Enrolment | Registration):
            row.link_hash = secrets.token_bytes(32)
        if isinstance(row, Registration | SessionAnimator):
            row.sequence, row.stamp, row.partstat, row.is_invited = None, None, "NEEDS-ACTION", False
        if isinstance(row, Registration):
            row.first_name = row.last_name = ""
            row.phone, row.made_person, row.called_at = None, False, None
    registration_ids = [row.id for row in rows if isinstance(row, Registration)]
    about = update(OutboxMessage).where(OutboxMessage.registration_id.in_(registration_ids))
    db.session.execute(about.values(registration_id=None, group_session_id=None))
    db.session.flush()
    for row in rows:
        db.session.expire(row)


def _put_past_doubt(row: Attendance) -> None:
    """What was attested of a presence stands by itself from now on: nothing will say any more whose it was."""
    about = update(Attestation).where(
        Attestation.person_id == row.person_id, Attestation.group_session_id == row.group_session_id
    )
    db.session.execute(about.values(is_past_doubt=True))


def cut(person: Person, season: int) -> None:
    """Replace the key of a season by chance when nothing of it is hers any more."""
    if any(_has_rows(person, season)):
        return
    statement = update(Person).where(Person.organisation_id == person.organisation_id)
    db.session.execute(
        statement.where(Person.identity == _key(person, season)).values(identity=Person.nameless_identity())
    )


def same_persons(organisation_id: int, season: int) -> dict[int, int]:
    """Return, for those of whom part of a season is nameless, the nameless person they count as in that season."""
    statement = select(Person.identity, Person.id).where(
        Person.organisation_id == organisation_id, Person.identity.startswith(_KEYED, autoescape=True)
    )
    holders = {row.identity: row.id for row in db.session.execute(statement)}
    if not holders:
        return {}
    living = select(Person).where(Person.organisation_id == organisation_id, Person.erased_at.is_(None))
    keys = {person.id: _key(person, season) for person in db.session.execute(living).scalars()}
    return {person_id: holders[key] for person_id, key in keys.items() if key in holders}


def as_one(same: dict[int, int], rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows (named tuples with a `person_id`) in which a person half nameless is one person, without name."""
    return tuple(row._replace(person_id=same.get(row.person_id, row.person_id)) for row in rows)


def _key(person: Person, season: int) -> str:
    return _KEYED + derive(f"season:{person.public_id}:{season}").hex()


def _has_rows(person: Person, season: int) -> Iterable[bool]:
    first, end = season_bounds(season)
    in_season = select(GroupSession.id).where(GroupSession.starts_at >= first, GroupSession.starts_at < end)
    for model in (Registration, Attendance, SessionAnimator):
        mine = select(model.id).where(model.person_id == person.id, model.group_session_id.in_(in_season))
        yield db.session.execute(mine.limit(1)).first() is not None
    enrolled = select(Enrolment.id).where(Enrolment.person_id == person.id, Enrolment.season == season)
    yield db.session.execute(enrolled.limit(1)).first() is not None
