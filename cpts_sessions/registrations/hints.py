"""When to add a date, when to ask for other slots: plain hints for the coordination, from facts only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from cpts_sessions.core.clock import local, now
from cpts_sessions.core.french import MONTHS, WEEKDAYS, counted, hour, typo
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession, Programme, SessionStatus
from cpts_sessions.registrations.models import SEATED, DateAlert, EndedBy, Registration, Status

#: From how many full sessions in a row another one is advised.
FULL_IN_A_ROW = 2
#: From how many refusals, by how many people, of dates to come on one slot other slots are asked for.
REFUSALS = 5
REFUSING = 3


@dataclass(frozen=True)
class Hint:
    """One sentence about one programme: what is asked for, that no date answers yet."""

    programme: Programme
    sentence: str
    is_of_slots: bool = False  # other slots are to be asked for, rather than a date added


def hints(organisation_id: int) -> list[Hint]:
    """Return what suggests another date, programme by programme: lists, full dates, people who asked to be told."""
    programmes = select(Programme).where(
        Programme.organisation_id == organisation_id,
        Programme.is_archived.is_(False),
        Programme.goes_together.is_(False),  # one more date of a training would be a date for those who have a seat
    )
    waiting, fill, asked = _waiting(organisation_id), _fill(organisation_id), _asked(organisation_id)
    refused = _refused(organisation_id)
    found = []
    for one in db.session.execute(programmes.order_by(Programme.sort_order, Programme.id)).scalars():
        found += [Hint(one, typo(sentence)) for sentence in _about(one, waiting[one.id], fill[one.id], asked[one.id])]
        found += [Hint(one, typo(sentence), is_of_slots=True) for sentence in refused[one.id]]
    return found


def _about(
    programme: Programme, waiting: dict[tuple[int, int], set[int]], fill: Sequence[bool], asked: int
) -> Sequence[str]:
    """The sentences of one programme; a list says more than full dates, and open dates answer who asked to be told."""
    sentences = [
        f"Ajoutez une séance en {MONTHS[month - 1]} : {counted(len(people), 'personne', 'personnes')} en attente."
        for (_, month), people in sorted(waiting.items())
    ]
    full = next((n for n, is_full in enumerate(fill) if not is_full), len(fill))
    if not sentences and full >= FULL_IN_A_ROW:
        sentences.append(f"{programme.name} : {full} séances complètes de suite. Proposez-en une de plus.")
    if asked and not fill:
        people = counted(asked, "personne a demandé à être prévenue", "personnes ont demandé à être prévenues")
        sentences.append(f"{people} : {programme.name}.")
    return sentences


def _waiting(organisation_id: int) -> dict[int, dict[tuple[int, int], set[int]]]:
    """Who waits for a place, by programme then by year and month of the dates they wait for."""
    statement = (
        select(GroupSession.programme_id, GroupSession.starts_at, Registration.person_id)
        .join(Registration, Registration.group_session_id == GroupSession.id)
        .where(*_to_come(organisation_id), Registration.status == Status.WAITING)
    )
    people: dict[int, dict[tuple[int, int], set[int]]] = defaultdict(lambda: defaultdict(set))
    for programme_id, starts_at, person_id in db.session.execute(statement):
        people[programme_id][_month(starts_at)].add(person_id)
    return people


def _month(instant: datetime) -> tuple[int, int]:
    wall = local(instant)
    return wall.year, wall.month


def _fill(organisation_id: int) -> dict[int, list[bool]]:
    """Whether each date to come is full, by programme, the nearest first."""
    taken = (
        select(func.count())
        .where(Registration.group_session_id == GroupSession.id, Registration.status.in_(SEATED))
        .scalar_subquery()
    )
    statement = select(GroupSession.programme_id, taken >= GroupSession.capacity).where(*_to_come(organisation_id))
    dates: dict[int, list[bool]] = defaultdict(list)
    for programme_id, is_full in db.session.execute(statement.order_by(GroupSession.starts_at)):
        dates[programme_id].append(bool(is_full))
    return dates


def _asked(organisation_id: int) -> dict[int, int]:
    """How many asked to be told of the next dates, by programme."""
    statement = select(DateAlert.programme_id, func.count()).where(DateAlert.organisation_id == organisation_id)
    rows = db.session.execute(statement.group_by(DateAlert.programme_id))
    return defaultdict(int, ((row[0], row[1]) for row in rows))


def _refused(organisation_id: int) -> dict[int, list[str]]:
    """What is said of the slots of dates to come that people refuse, by programme; nothing of a few refusals."""
    statement = (
        select(GroupSession.programme_id, GroupSession.starts_at, Registration.person_id)
        .join(Registration, Registration.group_session_id == GroupSession.id)
        .where(
            *_to_come(organisation_id),
            Registration.status == Status.DECLINED,
            Registration.ended_by.in_((EndedBy.PERSON, EndedBy.CALENDAR)),
        )
        .order_by(GroupSession.starts_at)
    )
    people: dict[tuple[int, str], list[int]] = defaultdict(list)
    for programme_id, starts_at, person_id in db.session.execute(statement):
        wall = local(starts_at)
        people[programme_id, f"{WEEKDAYS[wall.weekday()]} à {hour(wall)}"].append(person_id)
    told: dict[int, list[str]] = defaultdict(list)
    for (programme_id, slot), who in people.items():
        if len(who) >= REFUSALS and len(set(who)) >= REFUSING:
            sentence = f"{len(who)} refus sur le créneau « {slot} ». Lancez un sondage de dates pour la suite."
            told[programme_id].append(sentence)
    return told


def _to_come(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        GroupSession.organisation_id == organisation_id,
        GroupSession.status == SessionStatus.OPEN,
        GroupSession.starts_at > now(),
    )
