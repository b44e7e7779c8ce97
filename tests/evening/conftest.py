"""The evening link of the tests, and an evening that is over."""

from datetime import timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.registrations import animation
from tests.conftest import NOW
from tests.factories import make_group_session, make_organisation, make_person, make_programme


@pytest.fixture
def link(app, clock):
    """The link of whoever animates a session that began an hour ago, two places."""
    group_session = make_group_session(make_programme(make_organisation()), starts_at=NOW - timedelta(hours=1))
    animator = make_person(group_session.organisation, first_name="Hélène", last_name="Roche")
    with transaction():
        animation.attach(group_session, animator)
    return services.link_for(group_session.id, animator.id)


@pytest.fixture
def over(app, clock) -> GroupSession:
    """A session of last evening, two places, open still."""
    return make_group_session(make_programme(make_organisation()), starts_at=NOW - timedelta(hours=14))
