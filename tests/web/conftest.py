"""Who coordinates, before the pages of the coordination."""

import pytest
from flask.testing import FlaskClient

from tests.browsing import sign_in
from tests.factories import make_coordinator, make_organisation, make_programme


@pytest.fixture
def organisation(app, clock):
    """A CPTS."""
    return make_organisation()


@pytest.fixture
def programme(organisation):
    """Its programme, ten places a session."""
    return make_programme(organisation, capacity=10)


@pytest.fixture
def coordinator(browser, organisation) -> FlaskClient:
    """The browser of whoever coordinates it."""
    sign_in(browser, make_coordinator(organisation, first_name="Sophie", last_name="Lambert"))
    return browser
