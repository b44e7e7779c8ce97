"""Values that no page can send are answered, not feared."""

import pytest

from tests.browsing import sign_in, submit
from tests.factories import make_coordinator, make_organisation
from tests.page import words


@pytest.mark.parametrize(
    "address",
    [
        "/coordination/messages?page=99999999999999999999",
        "/coordination/journal?page=99999999999999999999",
        "/coordination/personnes?profession=%00",
        "/?page=99999999999999999999",
    ],
)
def test_a_value_that_no_column_holds_gets_a_page(browser, clock, address):
    sign_in(browser, make_coordinator(make_organisation()))

    assert browser.get(address).status_code in (200, 303, 400, 404)


def test_an_address_that_no_message_can_be_sent_to_is_refused(browser, clock):
    sign_in(browser, make_coordinator(make_organisation()))
    told = {"prenom": "Béatrice", "nom": "Le Moyne", "profession": "sage-femme", "email": "béatrice@example.org"}

    page = submit(browser, "/coordination/personnes/nouvelle", **told)

    assert page.status_code == 422
    assert "Cette adresse ne semble pas complète." in words(page.get_data(as_text=True))
