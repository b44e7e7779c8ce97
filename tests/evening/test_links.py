"""The evening link: one session, one person, from the day before to three days after."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.errors import RuleBroken
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import queries, services
from cpts_sessions.evening.models import LinkState
from cpts_sessions.registrations import animation
from tests.factories import (
    make_coordinator,
    make_evening_link,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
)

#: The session begins on Monday 16 November 2026 at 20 h in Paris.
OPENS = datetime(2026, 11, 14, 23, 0, tzinfo=UTC)  # 0 h on the 15th
ENDS = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)  # the midnight that ends the 19th


@pytest.fixture
def group_session(app, clock):
    return make_group_session(make_programme(make_organisation()))


@pytest.fixture
def marc(group_session):
    return make_person(group_session.organisation, first_name="Marc")


@pytest.fixture
def link(group_session, marc):
    return make_evening_link(group_session, marc)


def token(link):
    return links.token(Purpose.EVENING, link.public_id)


def test_the_link_serves_from_the_day_before_to_the_end_of_the_third_day_after(link):
    second = OPENS.resolution * 1_000_000
    instants = [OPENS - second, OPENS, ENDS - second, ENDS]

    states = [queries.state_of_link(link, at) for at in instants]

    assert states == [LinkState.EARLY, LinkState.OPEN, LinkState.OPEN, LinkState.OVER]


def test_days_are_those_of_paris_when_the_hour_changes(app, clock):
    """Summer time ends on Sunday 25 October 2026: the link opens on a day of summer and ends on one of winter."""
    starts_at = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)
    group_session = make_group_session(make_programme(make_organisation()), starts_at=starts_at)
    link = make_evening_link(group_session, make_person(group_session.organisation))

    before, at, last, end = (
        datetime(2026, 10, 22, 21, 59, tzinfo=UTC),
        datetime(2026, 10, 22, 22, 0, tzinfo=UTC),
        datetime(2026, 10, 27, 22, 59, tzinfo=UTC),
        datetime(2026, 10, 27, 23, 0, tzinfo=UTC),
    )

    states = [queries.state_of_link(link, instant) for instant in (before, at, last, end)]
    assert states == [LinkState.EARLY, LinkState.OPEN, LinkState.OPEN, LinkState.OVER]


def test_asking_twice_gives_the_same_link(link, group_session, marc):
    assert services.link_for(group_session.id, marc.id).public_id == link.public_id


def test_the_token_finds_the_link_in_its_own_organisation_only(link, group_session):
    found = queries.link_by_token(group_session.organisation_id, token(link))

    assert found == link
    assert queries.link_by_token(make_organisation().id, token(link)) is None


def test_somebody_who_does_not_animate_gets_no_link(group_session):
    stranger = make_person(group_session.organisation)

    with pytest.raises(RuleBroken, match="n’est pas la vôtre"):
        services.link_for(group_session.id, stranger.id)


def test_a_link_that_was_cut_stays_dead_and_the_next_one_has_another_key(link, group_session, marc):
    old, eva = token(link), make_coordinator(group_session.organisation)

    services.revoke_link(group_session.id, marc.id, actor_id=eva.id)
    assert queries.state_of_link(link, OPENS) == LinkState.REVOKED
    with pytest.raises(RuleBroken, match="déjà coupé"):
        services.revoke_link(group_session.id, marc.id, actor_id=eva.id)
    again = services.link_for(group_session.id, marc.id)

    assert token(again) != old
    assert queries.link_by_token(group_session.organisation_id, old) is None
    assert queries.state_of_link(again, OPENS) == LinkState.OPEN


def test_the_link_of_somebody_who_no_longer_animates_is_dead(link, group_session):
    animation.set_animators(group_session.id, [])

    assert queries.state_of_link(link, OPENS) == LinkState.REVOKED


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_the_link_of_a_session_that_does_not_take_place_is_dead(link, group_session, status):
    with transaction():
        group_session.status = status

    assert queries.state_of_link(link, OPENS) == LinkState.REVOKED


def test_the_link_of_a_closed_session_still_shows_it(link, group_session):
    with transaction():
        group_session.status, group_session.closed_at = "held", now()

    assert queries.state_of_link(link, OPENS) == LinkState.OPEN
