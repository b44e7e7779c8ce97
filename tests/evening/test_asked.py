"""What closing a session asks of those who were there: one slot each, whatever is corrected afterwards."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.evening.models import Reopening
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.questionnaires import queries
from cpts_sessions.registrations import animation
from tests.conftest import NOW
from tests.factories import make_group_session, make_person, make_registration, told
from tests.questionnaires.boxes import make_asking_programme, slots

PRESENT, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT
EVA = 7  # who coordinates

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_closing_gives_a_slot_to_those_present_walk_ins_included_and_takes_none_back() -> None:
    programme = make_asking_programme()
    organisation = db.session.get_one(Organisation, programme.organisation_id)
    evening = make_group_session(programme, starts_at=NOW - timedelta(hours=14))
    came, stayed_away, animator = (make_person(organisation) for _ in range(3))
    for person in (came, stayed_away):
        make_registration(evening, person)
    with transaction():
        animation.attach(evening, animator)
    attendance.note(evening.id, {came.id: PRESENT, stayed_away.id: ABSENT}, actor_id=EVA)
    attendance.add_walk_in(evening.id, told(), actor_id=EVA)

    services.close(evening.id, actor_id=EVA)

    box = queries.box_of_year(programme.id, 2026)
    asked = {link.person_id for link in queries.links_of_box(box.id)}
    assert len(slots(box)) == len(asked) == 2
    assert came.id in asked
    assert asked.isdisjoint({stayed_away.id, animator.id})

    services.reopen(evening.id, actor_id=EVA, reason=Reopening.CORRECT)
    attendance.note(evening.id, {came.id: ABSENT, stayed_away.id: PRESENT}, actor_id=EVA)
    services.close(evening.id, actor_id=EVA)

    assert len(slots(box)) == 3
    assert {link.person_id for link in queries.links_of_box(box.id)} == asked | {stayed_away.id}
