"""The coordination in a real Chromium: what only a form leads to, an e-mail in its frame, a search without a mouse."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from cpts_sessions.accounts.services import links_for
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from tests.browser.live import LiveServer
from tests.browser.moving import enter, follow
from tests.browser.reading import axe, overflow
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    signed_up,
)

pytestmark = pytest.mark.browser

COORDINATOR = "sophie@example.org"
FILE = "prénom;nom;e-mail;profession;membre\nLéa;Durand;lea@example.org;sage-femme;oui\n"
REFUSED = f"{FILE}Tom;Petit;tom@example;sage-femme;non\n"


@pytest.fixture(scope="module")
def home(live_server: LiveServer) -> str:
    """A CPTS with a sign-up, two records of one person, and whoever coordinates it; the address of its pages."""
    with live_server.app.app_context():
        organisation = make_organisation(public_url=live_server.url)
        make_coordinator(organisation, first_name="Sophie", last_name="Lambert", email=COORDINATOR)
        one = make_group_session(make_programme(organisation), starts_at=now() + timedelta(days=10))
        signed_up(one, email="nadia@example.org")
        for email in ("b.lemoyne@example.org", "beatrice@example.org"):
            make_person(organisation, first_name="Béatrice", last_name="Lemoyne", email=email)
    return f"{live_server.url}/coordination"


def sign_in(page: Page, live_server: LiveServer) -> None:
    with live_server.app.app_context():
        url = links_for(db.session.query(Organisation).one(), COORDINATOR)[0].url
    enter(page, url)


def upload(page: Page, home: str, folder: Path, text: str) -> None:
    file = folder / "personnes.csv"
    file.write_text(text, encoding="utf-8")
    page.goto(f"{home}/import")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Voir ce qui va se passer").click()
    page.wait_for_url("**/import/personnes/*")


def seen_well(page: Page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0


def test_a_refused_file_is_read_on_a_phone(phone: Page, live_server: LiveServer, home: str, tmp_path: Path):
    sign_in(phone, live_server)
    upload(phone, home, tmp_path, REFUSED)

    seen_well(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Télécharger les lignes refusées").click()
    assert download.value.suggested_filename == "lignes-refusees.csv"


def test_a_file_is_imported_without_being_sent_again(page: Page, live_server: LiveServer, home: str, tmp_path: Path):
    sign_in(page, live_server)
    upload(page, home, tmp_path, FILE)
    seen_well(page)

    page.get_by_role("button", name="Enregistrer cette ligne").click()
    page.wait_for_url("**/personnes")

    with live_server.app.app_context():
        assert db.session.query(Person).filter_by(last_name="Durand").count() == 1


def test_somebody_is_found_with_the_keyboard_alone(page: Page, live_server: LiveServer, home: str):
    sign_in(page, live_server)
    page.goto(f"{home}/personnes")
    page.get_by_role("searchbox", name="Chercher une personne", exact=True).focus()
    page.keyboard.type("LEMOYNE")
    page.keyboard.press("Enter")
    page.wait_for_url("**/personnes?q=LEMOYNE")

    assert page.locator("tbody th").count() == 2
    seen_well(page)


def test_the_field_of_every_page_finds_with_the_keyboard_alone(page: Page, live_server: LiveServer, home: str):
    sign_in(page, live_server)
    page.goto(f"{home}/dispositifs")
    page.get_by_role("searchbox", name="Chercher une personne ou une séance").focus()
    page.keyboard.type("lemoine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chercher?q=lemoine")

    assert page.locator("#personnes + p + ul li").count() == 2
    seen_well(page)


def test_an_email_is_seen_in_its_frame_with_its_own_styles(phone: Page, live_server: LiveServer, home: str):
    sign_in(phone, live_server)
    phone.goto(f"{home}/messages")
    follow(phone.get_by_role("link", name="C’est noté"))
    seen_well(phone)

    phone.goto(f"{phone.url}/apercu")
    assert phone.get_by_text("Votre place est réservée.", exact=True).is_visible()
    assert phone.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") != "rgba(0, 0, 0, 0)"
