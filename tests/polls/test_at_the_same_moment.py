"""Two acts on one poll at the same moment: the second learns what the first did, and nothing is done twice."""

import pytest

from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.extensions import db
from cpts_sessions.polls import services
from cpts_sessions.polls.choosing import choose
from cpts_sessions.polls.models import PollAnswer
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations.models import Registration
from tests.polls.conftest import YES, invitation_of
from tests.registrations.outbox import kinds
from tests.registrations.test_at_the_same_moment import meanwhile


@pytest.fixture
def facts(poll, eva, says):
    """The ids of the poll, its slots, the coordinator, after two said yes to the first slot."""
    says("Ana", YES)
    says("Bea", YES)
    return poll.id, [slot.id for slot in poll.slots], eva.id


def test_two_coordinators_choose_and_only_one_is_obeyed(app, facts):
    poll_id, slots, actor_id = facts

    with meanwhile(app, lambda: choose(poll_id, slots[:1], capacity=1, actor_id=actor_id)) as (raised, start):
        choose(poll_id, slots[:1], capacity=1, actor_id=actor_id)
        start()

    assert [type(one) for one in raised] == [RuleBroken]
    assert "vient d’être clos" in str(raised[0])
    assert db.session.query(GroupSession).count() == 1
    assert sorted(one.status for one in db.session.query(Registration)) == ["confirmed", "waiting"]
    assert sorted(kinds()) == ["liste_attente", *["sondage"] * 4, "sondage_retenu"]


def test_an_answer_that_arrives_while_the_dates_are_chosen_is_refused(app, facts):
    poll_id, slots, actor_id = facts
    late = invitation_of("Cora").id

    with meanwhile(app, lambda: services.answer(late, {slots[0]: YES})) as (raised, start):
        choose(poll_id, slots[:1], capacity=9, actor_id=actor_id)
        start()

    assert [type(one) for one in raised] == [RuleBroken]
    assert db.session.query(PollAnswer).count() == 2
