"""Behind an https proxy: cookies, headers, forms left open, and whom the site believes.

The same stories in a real browser are in `tests/browser/test_behind_https.py`.
"""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.registrations.models import Registration
from tests.browsing import sign_in, token_of
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.journeys.https_site import HttpsSite, https_site
from tests.journeys.tls_terminator import CERTIFICATE
from tests.page import words
from tests.web.sites import another_site

HTTPS = "https://localhost"
TWO_HOURS_LATER = datetime(2026, 11, 2, 11, 5, tzinfo=UTC)
LOU = {
    "prenom": "Lou",
    "nom": "Passager",
    "email": "lou.passager@example.org",
    "profession": "sage-femme",
    "dates": "une",
    "charte": "y",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsSite]:
    """The real server behind its proxy."""
    with https_site(tmp_path_factory.mktemp("https")) as served:
        yield served


@pytest.fixture
def visitor(site: HttpsSite) -> Iterator[httpx.Client]:
    """A visitor who checks the certificate, and keeps cookies."""
    trust = ssl.create_default_context(cafile=str(CERTIFICATE))
    with httpx.Client(base_url=site.url, verify=trust, timeout=30) as client:
        yield client


def test_a_sign_up_over_https_is_taken_with_one_secure_cookie(visitor: httpx.Client, site: HttpsSite):
    path = f"{site.session_path}/inscription"
    form = visitor.get(path)
    token = re.search('name="csrf_token"[^>]* value="([^"]+)"', form.text)
    assert token
    headers = {"Referer": f"{site.url}{path}", "Origin": site.url}
    answer = visitor.post(path, headers=headers, data={**LOU, "csrf_token": token.group(1)})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{site.session_path}/c-est-note")
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.partition("=")[0] == "__Host-cpts"
    assert sorted(one for one in attributes if not one.startswith("Expires")) == [
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
        "Secure",
    ]
    assert site.link_to(LOU["email"], "mon-inscription").startswith(site.url)


@pytest.mark.parametrize("path", ["/", "/connexion", "/nulle-part", "/static/css/app.css"])
def test_every_answer_says_to_come_back_by_https_only(visitor: httpx.Client, path: str):
    assert visitor.get(path).headers.get("Strict-Transport-Security") == "max-age=31536000"


def test_a_form_sent_from_another_site_is_refused(visitor: httpx.Client, site: HttpsSite):
    path = f"{site.session_path}/inscription"
    token = re.search('name="csrf_token"[^>]* value="([^"]+)"', visitor.get(path).text)
    assert token
    headers = {"Referer": "https://ailleurs.example.org/", "Origin": "https://ailleurs.example.org"}

    assert visitor.post(path, headers=headers, data={**LOU, "csrf_token": token.group(1)}).status_code == 400


def sent_after_two_hours(browser, clock, form: str, to: str | None = None, **fields: str) -> int:
    """Open a form at 9 h UTC, send it at 11 h 05; return the status of the answer."""
    token = token_of(browser.get(form, base_url=HTTPS))
    db.session.rollback()  # what is read afterwards is what the request wrote
    clock.move_to(TWO_HOURS_LATER)
    headers = {"Origin": HTTPS, "Referer": f"{HTTPS}{form}"}
    return int(
        browser.post(to or form, base_url=HTTPS, headers=headers, data={"csrf_token": token, **fields}).status_code
    )


def test_a_sign_up_left_open_for_two_hours_is_taken(browser, clock):
    group_session = make_group_session(make_programme(make_organisation(public_url=HTTPS)))

    status = sent_after_two_hours(browser, clock, f"/seances/{group_session.public_id}/inscription", **LOU)

    assert (status, list(db.session.execute(select(Registration.status)).scalars())) == (303, ["confirmed"])


def test_the_buttons_of_a_registration_left_open_for_two_hours_work(browser, clock):
    organisation = make_organisation(public_url=HTTPS)
    group_session = make_group_session(make_programme(organisation))
    registration = make_registration(group_session, make_person(organisation))
    page = f"/mon-inscription/{links.token(Purpose.REGISTRATION, registration.public_id)}"

    status = sent_after_two_hours(browser, clock, page, f"{page}/liberer")

    assert (status, registration.status) == (303, "cancelled")


def test_a_form_of_the_coordination_left_open_for_two_hours_is_taken(browser, clock):
    organisation = make_organisation(public_url=HTTPS)
    group_session = make_group_session(make_programme(organisation))
    sign_in(browser, make_coordinator(organisation))
    page = f"/coordination/seances/{group_session.public_id}"

    status = sent_after_two_hours(browser, clock, page, f"{page}/places", places="7")

    assert (status, group_session.capacity) == (303, 7)


@pytest.mark.parametrize(
    ("proxies", "believed"), [(0, "CPTS du Val d'Ambre"), (1, "CPTS d'ailleurs"), (2, "CPTS du Val d'Ambre")]
)
def test_what_a_visitor_says_of_proxies_is_believed_only_when_they_are_declared(app, proxies: int, believed: str):
    make_organisation(public_url="http://ici.example.org")
    make_organisation(public_url="http://ailleurs.example.org", name="CPTS d’ailleurs")
    with another_site(app, trusted_proxies=proxies) as site:
        headers = {
            "X-Forwarded-Host": "ailleurs.example.org",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "1.2.3.4",
        }
        page = site.test_client().get("/connexion", base_url="http://ici.example.org", headers=headers)

    assert [name for name in ("CPTS du Val d'Ambre", "CPTS d'ailleurs") if name in words(page.text)] == [believed]
