import pytest

from tests.factories import make_group_session, make_organisation, make_programme, signed_up


@pytest.fixture
def running(app, clock):
    """A CPTS with a session, somebody seated and somebody who waits."""
    organisation = make_organisation(logo=b"\x89PNG\x00\xff", logo_type="image/png")
    group_session = make_group_session(make_programme(organisation), capacity=1)
    signed_up(group_session, first_name="Zoé", last_name="D’Hautcœur")
    signed_up(group_session)
    return organisation
