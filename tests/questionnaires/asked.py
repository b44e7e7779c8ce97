"""People who came, and the links by which they answer."""

from datetime import timedelta
from typing import Any

from cpts_sessions.attendance.models import Attendance, AttendanceStatus, Means
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession, Programme
from cpts_sessions.questionnaires import services
from cpts_sessions.questionnaires.models import QuestionnaireLink
from tests.conftest import NOW
from tests.factories import make_circles, make_group_session, make_organisation, make_person, make_registration


def asking_circles(**changes: Any) -> Programme:
    """Circles whose participants are asked for their view."""
    return make_circles(make_organisation(), questionnaire_slug="cercle_eval", **changes)


def evening(programme: Programme, *present: Person, **changes: Any) -> GroupSession:
    """A session of last evening, closed, at which these persons were."""
    over = NOW - timedelta(hours=14)
    one = make_group_session(
        programme, **{"starts_at": over, "capacity": 20, "status": "held", "closed_at": NOW, **changes}
    )
    with transaction():
        for person in present:
            make_registration(one, person)
            db.session.add(
                Attendance(
                    organisation_id=one.organisation_id,
                    group_session_id=one.id,
                    person_id=person.id,
                    status=AttendanceStatus.PRESENT.value,
                    means=Means.ANIMATOR.value,
                )
            )
        services.add_slots(db.session.merge(one))
    return one


def present(programme: Programme, number: int) -> list[Person]:
    """So many persons who were at one session of a programme."""
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    people = [make_person(organisation) for _ in range(number)]
    evening(programme, *people)
    return people


def token_of(person: Person) -> str:
    """The token of the link of one person, as her mail has it."""
    link = db.session.query(QuestionnaireLink).filter_by(person_id=person.id).one()
    return links.token(Purpose.QUESTIONNAIRE, link.public_id)
