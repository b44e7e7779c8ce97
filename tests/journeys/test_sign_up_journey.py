"""From the poster to « c'est noté », on a phone, behind an https proxy: sign up, open the link, cancel, sign in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_sessions.accounts import services as accounts
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.registrations.models import Registration
from tests.browsing import token_of
from tests.conftest import NOW
from tests.factories import make_group_session, make_organisation, make_programme
from tests.web.sites import another_site

HTTPS = "https://seances.example.org"


@pytest.fixture
def proxied(app, clock):
    """A browser behind a proxy that ends https, and one session."""
    group_session = make_group_session(make_programme(make_organisation(public_url=HTTPS)))
    with another_site(app, trusted_proxies=1) as site:
        yield Proxied(site.test_client()), group_session


class Proxied:
    """What a browser sees through a proxy: https outside, http inside, Referer as browsers send it."""

    def __init__(self, client):
        self.client = client
        self.told = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "seances.example.org",
            "X-Forwarded-For": "1.2.3.4",
        }

    def get(self, path):
        return self.client.get(path, headers=self.told, base_url="https://seances.example.org")

    def post(self, path, page, token, **fields):
        headers = {**self.told, "Referer": HTTPS + page, "Origin": HTTPS}
        data = {"csrf_token": token, **fields}
        return self.client.post(path, headers=headers, data=data, base_url="https://seances.example.org")


def test_sign_up_open_the_link_cancel_take_back_and_sign_in(proxied, clock):
    browser, group_session = proxied
    session_page = f"/seances/{group_session.public_id}"
    assert session_page in browser.get("/").get_data(as_text=True)
    assert f"{session_page}/inscription" in browser.get(session_page).get_data(as_text=True)
    form = browser.get(f"{session_page}/inscription")
    clock.move_to(NOW + timedelta(hours=2))  # read between two patients

    noted = browser.post(
        f"{session_page}/inscription",
        f"{session_page}/inscription",
        token_of(form),
        prenom="Nadia",
        nom="Ferhat",
        email="nadia@example.org",
        profession="sage-femme",
        charte="y",
    )
    db.session.rollback()
    registration = db.session.execute(select(Registration)).scalar_one()
    page = f"/mon-inscription/{links.token(Purpose.REGISTRATION, registration.public_id)}"
    statuses = []
    for act in ("liberer", "reprendre"):
        answer = browser.post(f"{page}/{act}", page, token_of(browser.get(page)))
        db.session.rollback()
        statuses.append((answer.status_code, db.session.get_one(Registration, registration.id).status))
    organisation = db.session.execute(select(Organisation)).scalar_one()
    way = accounts.links_for(organisation, "nadia@example.org")[0].url.removeprefix(HTTPS)
    entered = browser.post(way, way, token_of(browser.get(way)))

    assert (noted.status_code, noted.location) == (303, f"{session_page}/c-est-note")
    assert statuses == [(303, "cancelled"), (303, "confirmed")]
    assert (entered.status_code, entered.location) == (303, "/ma-page")
    assert "Bonjour Nadia" in browser.get("/ma-page").get_data(as_text=True)
    cookies = [value for name, value in [*noted.headers, *entered.headers] if name == "Set-Cookie"]
    assert cookies
    assert all(value.startswith("__Host-cpts=") and "Secure" in value and "HttpOnly" in value for value in cookies)
