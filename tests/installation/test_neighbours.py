"""CPTS invented by the hundred, to measure: always the same, and never beside a real one."""

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.installation import neighbours
from cpts_sessions.mail.models import MessageStatus, OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.reports.season import season_report
from tests.factories import make_organisation

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_each_has_its_seasons_and_adding_again_only_adds_what_is_missing():
    assert neighbours.add(1, 2) == 1
    assert neighbours.add(2, 2) == 1

    for organisation in db.session.query(Organisation):
        last_year = season_report(organisation.id, 2025)
        assert [len(part.held_days) for part in last_year.parts] == [5, 13]
        assert last_year.together.counting.present_distinct > 30


def test_no_message_of_theirs_can_leave():
    neighbours.add(1, 1)

    waiting = db.session.query(OutboxMessage).filter_by(status=MessageStatus.QUEUED)
    assert [one.to_address for one in waiting if not one.to_address.endswith(".example.org")] == []
    assert db.session.query(OutboxMessage).filter_by(to_address="", status="sent").count() == 180


def test_a_database_that_holds_another_cpts_is_left_alone():
    make_organisation()

    with pytest.raises(RuleBroken, match="base à part"):
        neighbours.add(2, 1)

    assert db.session.query(Organisation).count() == 1
