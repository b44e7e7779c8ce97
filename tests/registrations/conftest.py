import pytest

from cpts_sessions.core.transaction import transaction
from tests.factories import make_coordinator, make_group_session, make_organisation, make_programme, signed_up
from tests.ical.samples import PUBLIC_ID
from tests.registrations.agenda_mail import ZOE


@pytest.fixture
def organisation(app):
    """A CPTS."""
    return make_organisation()


@pytest.fixture
def actor(organisation):
    """Its coordinator's id."""
    return make_coordinator(organisation).id


@pytest.fixture
def programme(organisation):
    """A programme open to all."""
    return make_programme(organisation)


@pytest.fixture
def group_session(programme):
    """An open session with two places."""
    return make_group_session(programme)


@pytest.fixture
def zoe(app, clock, group_session):
    """Zoé has a seat, and the invitation that the samples answer; the session has two places."""
    kept, app.config["MASTER_KEY"] = app.config["MASTER_KEY"], b"a key for the tests"
    registration = signed_up(group_session, first_name="Zoé", last_name="Noël", email=ZOE)
    with transaction():
        registration.public_id = PUBLIC_ID
    yield registration
    app.config["MASTER_KEY"] = kept
