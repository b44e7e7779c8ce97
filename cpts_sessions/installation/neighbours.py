"""Invented CPTS by the hundred, to measure what one costs among them; only in a database of their own.

Nobody in them has an e-mail but the coordination, whose address leads nowhere: no message can reach anybody.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, inspect, select

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.french import typo
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import Base, db
from cpts_sessions.installation.founding import add_organisation, lock_installation
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations import queries
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person, identity_of
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.registrations.models import Enrolment, Registration

SLUG = "voisine-{number}"
PEOPLE = 60
FOLLOWERS = 20
#: How many dates a year, by programme; each with so many people, of whom four in five come.
DATES: Mapping[str, int] = {"gapp": 5, "cercle-de-paroles": 13}
COMERS = 10
_PROFESSIONS = ("medecin-generaliste", "sage-femme", "pharmacien", "orthophoniste", "psychologue")

Row = dict[str, Any]


def add(organisations: int, years: int, *, seed: int = 1) -> int:
    """Add invented CPTS until there are so many, each with its seasons up to this year; one transaction for each.

    Returns:
        How many were added.

    Raises:
        RuleBroken: a CPTS that is not one of them lives in this database, the demonstration included.
    """
    standing = {one.slug for one in queries.every()}
    ours = {SLUG.format(number=number) for number in range(1, organisations + 1)}
    if any(not slug.startswith(SLUG.format(number="")) for slug in standing):
        raise RuleBroken(
            typo("Cette base contient une CPTS : « bench seed » ne sert que dans une base à part. Rien n’a changé.")
        )
    missing = sorted(ours - standing, key=lambda slug: int(slug.rpartition("-")[2]))
    for slug in missing:
        with transaction():
            _add_one(slug, years, random.Random(f"{seed} {slug}"))  # invented, and always the same
    queries.forget_sites()
    return len(missing)


def _add_one(slug: str, years: int, chance: random.Random) -> None:
    organisation = Organisation(
        name=f"CPTS {slug}",
        slug=slug,
        public_url=f"http://{slug}.localhost:8000",
        mail_address=f"{slug}@example.org",
    )
    add_organisation(organisation, lock_installation())
    accounts.grant(organisation, f"coordination@{slug}.example.org", RoleName.COORDINATOR, name="Eva Martin")
    db.session.flush()
    people = _people(organisation.id)
    statement = select(Programme).where(Programme.organisation_id == organisation.id)
    programmes = {one.slug: one for one in db.session.execute(statement).scalars()}
    for year in range(now().year - years + 1, now().year + 1):
        for name, dates in DATES.items():
            _season(programmes[name], year, dates, people, chance)


def _people(organisation_id: int) -> list[Row]:
    names = [(f"Prénom{n}", f"Nom{n}", _PROFESSIONS[n % len(_PROFESSIONS)]) for n in range(PEOPLE)]
    return _inserted(
        Person,
        [
            {
                "organisation_id": organisation_id,
                "first_name": first,
                "last_name": last,
                "identity": identity_of(None, first, last, profession),
                "profession_slug": profession,
                "is_member": True,
            }
            for first, last, profession in names
        ],
    )


def _season(programme: Programme, year: int, dates: int, people: Sequence[Row], chance: random.Random) -> None:
    """One programme in one year: its dates spread over it, who follows it, who signed up and who came."""
    instant, first = now(), datetime(year, 1, 10, 19, tzinfo=UTC)
    starts = [first + timedelta(days=number * 350 // dates) for number in range(dates)]
    scope = {"organisation_id": programme.organisation_id}
    sessions = _inserted(GroupSession, [scope | _date(programme, start, start < instant) for start in starts])
    followers = [{"person_id": one["id"], "profession_slug": one["profession_slug"]} for one in people[:FOLLOWERS]]
    season = scope | {"programme_id": programme.id, "season": year}
    _insert(Enrolment, [season | one | {"link_hash": token_bytes(32)} for one in followers])
    asked = [(session, one) for session in sessions for one in chance.sample(people, COMERS)]
    _insert(Registration, [scope | _seat(session, one) for session, one in asked])
    past = [(session, one) for session, one in asked if session["starts_at"] < instant]
    marks = ["present" if chance.random() < 0.8 else "absent" for _ in past]
    _insert(
        Attendance,
        [
            scope | {"group_session_id": session["id"], "person_id": one["id"], "status": mark, "means": "coordination"}
            for (session, one), mark in zip(past, marks, strict=True)
        ],
    )
    if year == instant.year:
        _insert(OutboxMessage, [scope | _message(session, one) for session, one in asked])


def _date(programme: Programme, start: datetime, is_over: bool) -> Row:
    return {
        "programme_id": programme.id,
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "status": "held" if is_over else "open",
        "closed_at": start + timedelta(hours=3) if is_over else None,
        "place_name": "Maison de santé",
    }


def _seat(session: Row, person: Row) -> Row:
    return {
        "group_session_id": session["id"],
        "person_id": person["id"],
        "status": "confirmed",
        "first_name": person["first_name"],
        "last_name": person["last_name"],
        "profession_slug": person["profession_slug"],
        "link_hash": token_bytes(32),
    }


def _message(session: Row, person: Row) -> Row:
    return {
        "person_id": person["id"],
        "group_session_id": session["id"],
        "kind": "inscription_confirmee",
        "to_address": "",
        "to_name": "",
        "status": "sent",
        "sent_at": now(),
    }


def _inserted(model: type[Base], given: Sequence[Row]) -> list[Row]:
    """Insert rows past the unit of work; return their values, with their ids."""
    rows = _complete(model, given)
    statement = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
    ids = db.session.execute(statement, rows).scalars()
    return [{**row, "id": number} for row, number in zip(rows, ids, strict=True)]


def _insert(model: type[Base], given: Sequence[Row]) -> None:
    """Insert rows past the unit of work, whose ids nobody needs."""
    if given:
        db.session.connection().execute(insert(model), _complete(model, given))


def _complete(model: type[Base], given: Sequence[Row]) -> list[Row]:
    """Return rows with the values that their class gives by itself, a public id of their own included."""
    example = model(**given[0])
    common = {one.key: getattr(example, one.key) for one in inspect(model).column_attrs if one.key != "id"}
    own = {"public_id"} & common.keys()
    return [{**common, **row, **{name: uuid4() for name in own}} for row in given]
