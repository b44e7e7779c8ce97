"""Of a season half forgotten, only a presence is nameless: the count still finds one person."""

import pytest

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.reports.season import season_report
from cpts_sessions.rights import opaque
from tests.reports.seasons import Season

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_a_person_whose_presence_alone_has_no_name_any_more_counts_once():
    season = Season(2025)
    session = season.session(season.programme(), "2025-03-19")
    person = season.person("Anne", "sage-femme", "Mme", "anne@example.org")
    season.register(person, session)
    season.note(person, session, "present")
    with transaction():
        known = db.session.get_one(Person, person.id)
        opaque.hang([db.session.query(Attendance).one()], opaque.nameless(known, 2025))

    assert figures(season) == (1, 1, 1)

    with transaction():
        db.session.query(Attendance).delete()

    assert figures(season) == (1, 0, 0)


def figures(season):
    counting = season_report(season.organisation.id, 2025).together.counting
    return counting.enrolled_distinct, counting.present_distinct, counting.attendances
