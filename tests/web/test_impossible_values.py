"""Values that no page can send are answered, not feared."""

import pytest

from tests.browsing import sign_in
from tests.factories import make_coordinator, make_organisation


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
