"""What nobody's device sends: the page of an evening refuses it, and does not break."""

import pytest

from cpts_sessions.people.models import Person
from tests.factories import make_circles
from tests.web.coordination import stored
from tests.web.test_evening_page import link_to, noted, path_of


@pytest.fixture
def link(organisation, clock):
    """The link of whoever animates a session that began an hour ago."""
    return link_to(make_circles(organisation))


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\x00", "\u200b"])
def test_somebody_whose_name_is_blank_is_not_added(browser, link, blank):
    persons = stored(Person).count()

    answer = browser.post(path_of(link, "sur-place"), data={"prenom": blank, "nom": blank, "profession": "sage-femme"})

    assert (answer.status_code, stored(Person).count(), noted()) == (422, persons, [])


def test_brackets_without_end_are_refused_as_nonsense(browser, link):
    answer = browser.post(path_of(link, "changements"), data="[" * 100_000, content_type="application/json")

    assert answer.status_code == 400
