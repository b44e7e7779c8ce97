"""What tests do in a browser: read a page, send a form as its page gave it, sign in."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cpts_sessions.accounts import services
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Registration
from tests.page import words

_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def page_words(response: TestResponse) -> str:
    """Return what somebody reads on a page."""
    return words(response.get_data(as_text=True))


def registration_link(registration: Registration) -> str:
    """Return the path that the link of a registration opens."""
    return f"/mon-inscription/{links.token(Purpose.REGISTRATION, registration.public_id)}"


def token_of(response: TestResponse) -> str:
    """Return the token that the forms of a page carry."""
    found = _TOKEN.search(response.get_data(as_text=True))
    assert found, f"no form on the page ({response.status})"
    return found.group(1)


def submit(
    browser: FlaskClient, path: str, *, page: str | None = None, base_url: str = "http://localhost", **fields: Any
) -> TestResponse:
    """Open a page (`page`, else `path` itself) and send its form to `path`, with its token."""
    token = token_of(browser.get(page or path, base_url=base_url))
    headers = {"Origin": base_url, "Referer": f"{base_url}{page or path}"}
    return browser.post(path, base_url=base_url, headers=headers, data={"csrf_token": token, **fields})


def sign_in(browser: FlaskClient, person: Person) -> TestResponse:
    """Sign a browser in, by a link made on the server; the answer is a redirect to where she arrives."""
    organisation = db.session.get_one(Organisation, person.organisation_id)
    with_email = [way for way in services.links_for(organisation, person.email or "") if way.person.id == person.id]
    path = with_email[0].url.removeprefix(organisation.public_url)
    response = submit(browser, path, base_url=organisation.public_url)
    assert response.status_code == 303, response.status
    return response
