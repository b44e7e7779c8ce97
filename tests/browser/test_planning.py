"""The coordination plans a season in a real Chromium: screens that only a form leads to, the keyboard, a phone."""

from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from cpts_sessions.accounts.services import links_for
from cpts_sessions.core.clock import at, local, now, today
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.programmes.services import add_default_programmes
from tests.browser.live import LiveServer
from tests.browser.moving import enter
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
NEXT_YEAR = today().year + 1


@pytest.fixture(scope="module")
def season(live_server: LiveServer) -> dict[str, str]:
    """A CPTS with its two programmes, and a session in ten days that two persons hold; addresses of pages."""
    with live_server.app.app_context():
        organisation = make_organisation(public_url=live_server.url)
        add_default_programmes(organisation)
        make_coordinator(organisation, first_name="Sophie", last_name="Lambert", email=COORDINATOR)
        programme = make_programme(organisation, slug="formation", name="Formations", session_title="Formation")
        starts_at = (now() + timedelta(days=10)).replace(hour=19, minute=0, second=0, microsecond=0)
        one = make_group_session(programme, starts_at=starts_at, capacity=12)
        make_registration(one, make_person(organisation))
        make_registration(one, make_person(organisation, email=None, last_name="Klein"))
        later = local(starts_at + timedelta(days=3)).date().isoformat()
        return {"session": f"{live_server.url}/coordination/seances/{one.public_id}", "later": later}


def sign_in(page: Page, live_server: LiveServer) -> None:
    with live_server.app.app_context():
        organisation = db.session.query(Organisation).one()
        url = links_for(organisation, COORDINATOR)[0].url
    enter(page, url)


def statuses(live_server: LiveServer) -> list[str]:
    with live_server.app.app_context():
        return [one.status for one in db.session.query(GroupSession).order_by(GroupSession.id)]


def faults(page: Page) -> tuple[list[str], int]:
    """What axe finds, and how many pixels the page is too wide."""
    return axe(page), overflow(page)


def test_a_series_is_planned_with_the_keyboard_alone(page: Page, live_server: LiveServer, season: dict[str, str]):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/coordination/seances/serie")
    page.get_by_role("radio", name="Une liste").focus()
    page.keyboard.press("Space")
    page.get_by_label("Liste de dates").focus()
    page.keyboard.type("\n".join(f"{day}/11/{NEXT_YEAR}" for day in (11, 16, 23)))
    page.get_by_role("button", name="Voir les dates").focus()
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="vérifier les dates").wait_for()
    assert faults(page) == ([], 0)
    ticked = [box.is_checked() for box in page.locator("input[name=dates]").all()]
    assert ticked == [False, True, True]
    page.locator("input[name=dates]").nth(2).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Créer ces séances").focus()
    page.keyboard.press("Enter")

    page.get_by_text("1 séance créée.").wait_for()
    assert f"annee={NEXT_YEAR}" in page.url
    assert statuses(live_server).count("draft") == 1


def test_the_screen_before_a_move_names_everybody_on_a_phone(
    phone: Page, live_server: LiveServer, season: dict[str, str]
):
    sign_in(phone, live_server)
    phone.goto(f"{season['session']}/modifier")
    phone.get_by_label("Jour").fill(season["later"])
    phone.get_by_role("button", name="Enregistrer").click()

    phone.get_by_role("heading", name="Déplacer la séance au").wait_for()
    expect(phone.get_by_text("à appeler")).to_have_count(1)
    assert faults(phone) == ([], 0)
    phone.get_by_role("button", name="Déplacer et prévenir").click()

    phone.get_by_text("1 message part.").wait_for()
    assert faults(phone) == ([], 0)


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/coordination/seances/nouvelle", "Planifier la séance"),
        ("/coordination/dispositifs/nouveau", "Créer le dispositif"),
    ],
)
def test_a_refused_form_gives_the_focus_to_what_is_to_correct(
    phone: Page, live_server: LiveServer, season: dict[str, str], path: str, button: str
):
    sign_in(phone, live_server)
    phone.goto(live_server.url + path)
    phone.get_by_role("button", name=button).click()

    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.locator("#erreurs")).to_be_focused()
    assert faults(phone) == ([], 0)


def test_seven_sessions_are_seen_at_once_on_a_laptop(page: Page, live_server: LiveServer, season: dict[str, str]):
    with live_server.app.app_context():
        programme = db.session.query(GroupSession).filter_by(status="open").first().programme
        for day in range(8):
            make_group_session(programme, starts_at=at(date(NEXT_YEAR + 1, 2, 1 + day), time(19)))
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/coordination/seances?annee={NEXT_YEAR + 1}")

    seen = page.evaluate(
        "[...document.querySelectorAll('tbody tr')].filter(r=>r.getBoundingClientRect().bottom<=800).length"
    )
    assert seen >= 7
