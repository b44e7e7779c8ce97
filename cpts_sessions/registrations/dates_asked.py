"""A place asked at each date of a season: for one person, or for all those who follow it."""

from collections.abc import Mapping

from sqlalchemy import inspect

from cpts_sessions.core.database import reserve_ids
from cpts_sessions.extensions import db
from cpts_sessions.people.services import Told
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import queries, season_seats
from cpts_sessions.registrations.models import Enrolment, Registration, Status
from cpts_sessions.registrations.seats import give_place, revive_or_add


def fan_out(
    enrolment: Enrolment, sessions: list[GroupSession], told: Told, *, made_person: bool = False, decided: bool = False
) -> list[Registration]:
    """Ask for a place at each of these sessions, whose rows are locked; a live registration is left as it is.

    But for a request of hers that waited for a yes, when this is one (`decided`).
    """
    ids = [one.id for one in sessions]
    known, taken = season_seats.of_person(enrolment.person_id, ids), season_seats.taken(ids)
    registrations = _ask(enrolment, sessions, told, known, taken, made_person=made_person, decided=decided)
    db.session.flush()
    return registrations


def _ask(
    enrolment: Enrolment,
    sessions: list[GroupSession],
    told: Told,
    known: Mapping[int, Registration],
    taken: dict[int, int],
    *,
    made_person: bool = False,
    decided: bool = False,
) -> list[Registration]:
    """Ask for a place at each of these sessions; `known` are her rows and `taken` the seats, which it keeps true."""
    registrations = []
    for group_session in sorted(sessions, key=lambda one: one.starts_at):
        registration = known.get(group_session.id)
        if registration is None or not registration.is_live:
            registration = revive_or_add(registration, group_session, enrolment.person, told, made_person=made_person)
            is_asked = True
        else:
            is_asked = decided and registration.status == Status.REQUESTED
        registration.enrolment_id = enrolment.id
        if is_asked:
            give_place(registration, group_session, decided=decided, taken=taken.get(group_session.id, 0))
            if registration.status == Status.CONFIRMED:
                taken[group_session.id] = taken.get(group_session.id, 0) + 1
        registrations.append(registration)
    return registrations


def ask_for_all(enrolments: list[Enrolment], dates: list[GroupSession]) -> list[tuple[Enrolment, list[Registration]]]:
    """Ask for each of these dates for each of those who follow; a date somebody decided on before stays as it is.

    Seats are counted once for all, and everything is written at once: three hundred people follow twenty dates.
    """
    ids = [one.id for one in dates]
    known, taken = queries.asked(ids), season_seats.taken(ids)
    asked = []
    for enrolment in enrolments:
        if new := [one for one in dates if (one.id, enrolment.person_id) not in known]:
            asked.append((enrolment, _ask(enrolment, new, told_by(enrolment), {}, taken, decided=True)))
    added = [one for _, registrations in asked for one in registrations if inspect(one).pending]
    for registration, number in zip(added, reserve_ids(Registration, len(added)), strict=True):
        registration.id = number
    db.session.flush()
    return asked


def told_by(enrolment: Enrolment) -> Told:
    """Return what somebody said of herself when she enrolled, under the name her record is known by."""
    person = enrolment.person
    return Told(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        profession_slug=enrolment.profession_slug,
        civility=enrolment.civility,
    )
