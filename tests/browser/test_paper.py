"""A signed sheet in a real Chromium: twelve people and one who came anyway, without leaving the keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from cpts_sessions.accounts.services import links_for
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from tests.browser.live import LiveServer
from tests.browser.moving import enter, follow_by_keyboard
from tests.browser.reading import axe, overflow
from tests.factories import (
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)

pytestmark = pytest.mark.browser

COORDINATOR = "sophie@example.org"
NAMES = (
    "Zoé Étienne",
    "Łukasz Wiśniewski",
    "Anne-Lise Œuvrard",
    "Jeanne d’Ormesson",
    "Paul Martin",
    "Claire Martin",
    "Yann Le Goff",
    "Inès Benali",
    "Éric Dubois",
    "Odile Garnier",
    "Ugo Ferri",
    "Tom Klein",
)
#: What is typed for each, in the order of the sheet.
LETTERS = ("eti", "wis", "oeu", "orm", "martin pa", "mar cl", "goff", "ben", "dub", "gar", "fer")


@pytest.fixture(scope="module")
def sheet(live_server: LiveServer) -> str:
    """The address of the page of a session of last evening, twelve expected."""
    with live_server.app.app_context():
        organisation = make_organisation(public_url=live_server.url)
        make_coordinator(organisation, first_name="Sophie", last_name="Lambert", email=COORDINATOR)
        one = make_group_session(make_programme(organisation), starts_at=now() - timedelta(hours=14), capacity=12)
        for name in NAMES:
            first, _, last = name.partition(" ")
            make_registration(one, make_person(organisation, first_name=first, last_name=last))
        return f"{live_server.url}/coordination/seances/{one.public_id}/presences/papier"


def sign_in(page: Page, live_server: LiveServer) -> None:
    with live_server.app.app_context():
        url = links_for(db.session.query(Organisation).one(), COORDINATOR)[0].url
    enter(page, url)


def noted(live_server: LiveServer) -> dict[str, tuple[str, str]]:
    with live_server.app.app_context():
        rows = db.session.query(Person, Attendance).join(Attendance, Attendance.person_id == Person.id)
        return {person.full_name: (row.status, row.means) for person, row in rows}


def test_a_whole_sheet_is_ticked_by_keyboard(page: Page, live_server: LiveServer, sheet: str):
    sign_in(page, live_server)
    page.goto(sheet)
    said = page.locator("[data-said]")
    assert (axe(page), overflow(page)) == ([], 0)

    for letters in LETTERS:
        page.keyboard.type(letters)
        page.keyboard.press("Enter")
    expect(said).to_have_text("Ugo Ferri\u00a0: présence. 11 sur\u00a012.")
    page.keyboard.press("Escape")
    expect(said).to_have_text("Ugo Ferri\u00a0: retour en arrière. 10 sur\u00a012.")
    page.keyboard.type("mar")
    expect(said).to_contain_text("1 sur\u00a02, flèches pour changer.")
    expect(page.locator(".people > li:visible")).to_have_count(2)
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".people > li:visible")).to_have_count(12)

    page.keyboard.type("Nouvelle")
    expect(said).to_contain_text("Aucun nom ne commence ainsi.")
    page.keyboard.press("Enter")
    page.keyboard.type("Lou")
    page.keyboard.press("Tab")
    page.keyboard.press("s")
    page.get_by_label("Nom", exact=True).focus()
    follow_by_keyboard(page)

    expect(page.get_by_text("la présence de Lou Nouvelle est notée.")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    follow_by_keyboard(page)
    expect(page.get_by_text("Absences : 2.")).to_be_visible()
    there = dict.fromkeys(NAMES[:10], ("present", "paper")) | {"Lou Nouvelle": ("present", "paper")}
    assert noted(live_server) == there | dict.fromkeys(NAMES[10:], ("absent", "coordination"))


def test_the_pages_of_paper_hold_on_a_phone(phone: Page, live_server: LiveServer, sheet: str):
    sign_in(phone, live_server)
    presences = sheet.removesuffix("/papier")

    for url in (sheet, presences, f"{presences}/sans-noms", f"{live_server.url}/coordination/import/presences"):
        phone.goto(url)
        assert (url, axe(phone), overflow(phone)) == (url, [], 0)
