import pytest

from tests.factories import make_group_session, make_organisation, make_programme


@pytest.fixture
def group_session(app):
    """An open session with two places."""
    return make_group_session(make_programme(make_organisation()))
