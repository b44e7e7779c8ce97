"""Putting a date into an agenda by hand, from an e-mail or from Ma page."""

from urllib.parse import parse_qs, urlsplit

import pytest

from cpts_sessions.core.links import Purpose, token
from cpts_sessions.mail.models import OutboxMessage
from tests.browsing import sign_in
from tests.factories import make_circles, make_group_session, make_organisation, make_programme, signed_up
from tests.rows import rows

pytestmark = pytest.mark.usefixtures("app", "clock")


def test_the_message_of_a_seat_holds_links_for_the_agendas_on_the_web():
    signed_up(make_group_session(make_programme(make_organisation())))

    values = rows(OutboxMessage)[-1].values

    google = parse_qs(urlsplit(values["lien_google"]).query)
    assert (google["text"], google["dates"]) == (["GAPP"], ["20261116T190000Z/20261116T210000Z"])
    assert values["lien_outlook"].startswith("https://outlook.live.com/")


def test_no_message_of_a_confidential_seat_holds_one():
    signed_up(make_group_session(make_circles(make_organisation(), audience="all")))

    message = rows(OutboxMessage)[-1]

    assert message.kind == "inscription_confirmee"
    assert (message.values["lien_google"], message.values["lien_outlook"]) == ("", "")


def test_ma_page_offers_three_ways_for_a_seat_all_neutral_when_it_is_confidential(browser):
    organisation = make_organisation()
    registration = signed_up(make_group_session(make_circles(organisation, audience="all")))
    sign_in(browser, registration.person)

    html = browser.get("/ma-page").get_data(as_text=True)

    assert "https://calendar.google.com/calendar/render?action=TEMPLATE&amp;text=R%C3%A9union+CPTS&amp;dates=" in html
    assert "https://outlook.live.com/calendar/0/deeplink/compose" in html
    assert f"/mon-inscription/{token(Purpose.REGISTRATION, registration.public_id)}/seance.ics" in html
    assert "location=" not in html
