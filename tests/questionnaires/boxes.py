"""Boxes as a season makes them: persons present at a closed session, and the tokens of their links."""

from datetime import UTC, datetime

import time_machine
from sqlalchemy import select

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core import links
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires import definition, opening, queries, services
from cpts_sessions.questionnaires.definition import Answers
from cpts_sessions.questionnaires.models import Box, QuestionnaireLink, Slot
from tests.factories import make_circles, make_group_session, make_organisation, make_person

CIRCLES = definition.default("cercle_eval")

DECEMBER_1 = datetime(2026, 12, 1, 3, tzinfo=UTC)
DECEMBER_10 = datetime(2026, 12, 10, 9, tzinfo=UTC)
JANUARY_31 = datetime(2027, 1, 31, 3, tzinfo=UTC)

#: Before the clock of the tests.
HELD_AT = datetime(2026, 10, 12, 18, 0, tzinfo=UTC)


def make_asking_programme(organisation: Organisation | None = None, **changes) -> Programme:
    """Cercles de paroles, with their questionnaire."""
    return make_circles(organisation or make_organisation(), **{"questionnaire_slug": "cercle_eval", **changes})


def held_session(programme: Programme, persons: list[Person], starts_at: datetime = HELD_AT, **changes) -> GroupSession:
    """A closed session at which these were present, with their slots."""
    values = {"starts_at": starts_at, "status": "held", "closed_at": starts_at, **changes}
    group_session = make_group_session(programme, **values)
    with transaction():
        for person in persons:
            db.session.add(
                Attendance(
                    organisation_id=programme.organisation_id,
                    group_session_id=group_session.id,
                    person_id=person.id,
                    status="present",
                    means="animator",
                )
            )
        db.session.flush()
        services.add_slots(group_session)
    return group_session


def collecting(people: int, *, year: int = 2026, programme: Programme | None = None) -> tuple[Box, list[str]]:
    """A box that collects, and the tokens of that many persons, in the order of their records."""
    programme = programme or make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    persons = [make_person(organisation) for _ in range(people)]
    held_session(programme, persons, HELD_AT.replace(year=year))
    box = queries.box_of_year(programme.id, year)
    assert box is not None
    return box, [token_of(box, person) for person in persons]


def token_of(box: Box, person: Person) -> str:
    """The token of somebody's link, as her mail has it."""
    link = db.session.query(QuestionnaireLink).filter_by(box_id=box.id, person_id=person.id).one()
    return links.token(Purpose.QUESTIONNAIRE, link.public_id)


def ballot(text: str, **more) -> bytes:
    """A ballot with one long text, and whatever else."""
    answers: Answers = {"c8": text, **more}
    return definition.encode(CIRCLES, answers)


def answer_all(box: Box, tokens: list[str], texts: list[str]) -> None:
    """Each answers in her turn."""
    for token, text in zip(tokens, texts, strict=True):
        services.answer(box.organisation_id, token, ballot(text))


def texts_in(box: Box) -> list[str]:
    """What was written in the long text of an opened box."""
    return sorted(queries.values_of(box.id, "c8"))


def slots(box: Box) -> list[Slot]:
    """The slots of a box as they now are."""
    db.session.expire_all()
    return list(db.session.execute(select(Slot).where(Slot.box_id == box.id).order_by(Slot.id)).scalars())


def kinds(model=AuditEntry) -> list[str]:
    """The kinds of the acts of the journal, or of the messages, in order."""
    return list(db.session.execute(select(model.kind).order_by(model.id)).scalars())


def open_on_31_january(box: Box) -> str:
    """Let the job of the worker look on 31 January; return what became of the box."""
    with time_machine.travel(JANUARY_31, tick=False):
        opening.look_at_boxes()
    db.session.expire_all()
    return box.state
