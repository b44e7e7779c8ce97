"""Who is told that a session moves or is cancelled: the numbers said are those written."""

from datetime import timedelta

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.registrations import sessions
from tests.factories import STARTS_AT, make_circles, make_coordinator, make_group_session, make_organisation, signed_up

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_a_request_that_waits_for_a_yes_is_told_of_the_new_date_too():
    organisation = make_organisation()
    group_session = make_group_session(make_circles(organisation))
    asked = signed_up(group_session)
    before = db.session.query(OutboxMessage).filter_by(person_id=asked.person_id).count()

    told = sessions.change(
        group_session.id,
        sessions.Plan(
            starts_at=STARTS_AT + timedelta(days=1),
            ends_at=STARTS_AT + timedelta(days=1, hours=2),
            place=sessions.place_of(group_session),
            capacity=2,
            minimum=0,
        ),
        actor_id=make_coordinator(organisation).id,
        revision=group_session.revision,
    )

    rows = list(db.session.query(OutboxMessage).filter_by(person_id=asked.person_id).order_by(OutboxMessage.id))
    assert (told.by_mail, [row.kind for row in rows[before:]]) == (1, ["adhesion_demandee"])
    assert "17" in rows[-1].values["dates"]
