"""The banner's button: the page that asks for the code, who may not, and where it leads."""

import pytest
from sqlalchemy import select

from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.starting_code import starting_code
from cpts_sessions.organisations.models import Organisation
from tests.browsing import page_words, submit
from tests.factories import make_organisation
from tests.web.coordination import text_of

PAGE = "/demonstration/commencer"
SITE = "http://127.0.0.1:8000"
SAID = {"nom": "CPTS des Trois Vallées", "coordination": "Nadia Roche", "email": "nadia.roche@example.org"}


@pytest.fixture
def loaded(app, clock):
    demonstration.load()


def names():
    db.session.rollback()
    return db.session.execute(select(Organisation.name)).scalars().all()


def test_the_banner_leads_to_a_page_that_changes_nothing(loaded, browser):
    banner = browser.get("/", base_url=SITE).get_data(as_text=True)
    page = browser.get(PAGE, base_url=SITE)

    assert f'<a href="{PAGE}">Commencer avec ma CPTS</a>' in banner
    assert "Les personnes et les séances inventées disparaissent en une fois." in page_words(page)
    assert names() == ["CPTS du Val d’Ambre"]


def test_the_code_is_on_no_page(loaded, browser):
    for path in ("/", PAGE):
        assert starting_code() not in browser.get(path, base_url=SITE).get_data(as_text=True)
    browser.post("/demonstration/entrer/coordination", base_url=SITE)
    for path in ("/coordination/", "/admin/", "/admin/installation", "/admin/etat", PAGE):
        assert starting_code() not in browser.get(path, base_url=SITE).get_data(as_text=True)


@pytest.mark.parametrize("code", ["7K2M-9QTR-4BXW", " ", "'; DROP", "0" * 40])
def test_a_stranger_without_the_code_takes_nothing(loaded, browser, code):
    answer = submit(browser, PAGE, base_url=SITE, **SAID, code=code)

    assert answer.status_code == 422
    assert names() == ["CPTS du Val d’Ambre"]


def test_the_invented_coordinator_without_the_code_takes_nothing_either(loaded, browser):
    browser.post("/demonstration/entrer/coordination", base_url=SITE)
    answer = submit(browser, PAGE, base_url=SITE, **SAID, code="7K2M-9QTR-4BXW")

    assert (answer.status_code, names()) == (422, ["CPTS du Val d’Ambre"])
    assert "Ce code n'est pas celui de cette installation." in page_words(answer)


def test_another_site_cannot_press_the_button(loaded, browser):
    answer = browser.post(PAGE, base_url=SITE, data={**SAID, "code": starting_code()})

    assert (answer.status_code, names()) == (400, ["CPTS du Val d’Ambre"])


def test_who_has_the_code_is_at_her_first_steps_in_her_own_cpts(loaded, browser):
    browser.post("/demonstration/entrer/coordination", base_url=SITE)
    answer = submit(browser, PAGE, base_url=SITE, **SAID, code=starting_code().lower())

    assert (answer.status_code, answer.location) == (303, "/coordination/premiers-pas")
    assert names() == ["CPTS des Trois Vallées"]
    desk = page_words(browser.get("/coordination/", base_url=SITE))
    assert "Bonjour Nadia" in desk
    assert "La CPTS des Trois Vallées est prête." in desk
    assert browser.get("/admin/", base_url=SITE).status_code == 200


def test_what_is_typed_is_kept_when_something_is_refused(loaded, browser):
    answer = submit(browser, PAGE, base_url=SITE, **{**SAID, "coordination": "Nadia"}, code=starting_code())

    assert answer.status_code == 422
    assert "Indiquez le prénom et le nom, séparés par une espace." in page_words(answer)
    assert 'value="CPTS des Trois Vallées"' in answer.get_data(as_text=True)


def test_a_real_cpts_has_no_such_page(app, clock, browser):
    make_organisation()

    assert (browser.get(PAGE).status_code, browser.post(PAGE).status_code) == (404, 400)
    assert "Commencer avec ma CPTS" not in text_of(browser, "/")
