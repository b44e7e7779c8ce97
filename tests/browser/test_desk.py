"""The desk in a real Chromium: on a telephone and a screen, busy or new, with a menu that folds, by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from cpts_sessions.core.clock import now
from tests.browser.live import LiveServer
from tests.browser.reading import axe, overflow
from tests.browser.test_coordinator_pages import COORDINATOR, sign_in
from tests.factories import (
    make_circles,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def home(live_server: LiveServer) -> str:
    """A CPTS with more than twenty decisions to make and a year behind it; the address of its desk."""
    with live_server.app.app_context():
        organisation = make_organisation(public_url=live_server.url)
        make_coordinator(organisation, first_name="Sophie", last_name="Lambert", email=COORDINATOR)
        gapp, circles = make_programme(organisation, capacity=12), make_circles(organisation)
        for n in range(16):
            make_group_session(gapp, starts_at=now() - (n + 1) * DAY)
        for n in range(4):
            make_group_session(circles, starts_at=now() + (n + 1) * DAY, minimum=5 - n, place_name="Salle des Tilleuls")
        asked = make_group_session(circles, starts_at=now() + 30 * DAY)
        for status in ("confirmed", "waiting", "requested"):
            make_registration(asked, make_person(organisation, last_name="Roth"), status)
    return f"{live_server.url}/coordination/"


@pytest.mark.parametrize("address", ["", "?tout=1"])
def test_a_busy_desk_reads_well_on_a_telephone(phone: Page, live_server: LiveServer, home: str, address: str):
    sign_in(phone, live_server)
    phone.goto(home + address)

    assert (axe(phone), overflow(phone)) == ([], 0)
    expect(phone.get_by_role("region", name="Tableau des prochaines séances")).to_be_hidden()
    expect(phone.locator(".upcoming > li")).to_have_count(5)
    expect(phone.locator(".upcoming > li").first).to_be_visible()


def test_a_busy_desk_reads_well_on_a_screen(page: Page, live_server: LiveServer, home: str):
    sign_in(page, live_server)
    page.goto(home)

    assert (axe(page), overflow(page)) == ([], 0)
    expect(page.locator(".decisions > li")).to_have_count(8)
    expect(page.get_by_role("region", name="Tableau des prochaines séances")).to_be_visible()
    expect(page.locator(".upcoming")).to_be_hidden()


def test_the_menu_of_a_telephone_says_where_one_is_and_opens_by_keyboard(
    phone: Page, live_server: LiveServer, home: str
):
    sign_in(phone, live_server)
    phone.goto(f"{home}reglages")
    menu = phone.locator(".menu > summary")

    expect(menu).to_have_text("Menu, vous êtes dans Réglages")
    assert phone.get_by_role("navigation", name="Navigation principale").count() == 0
    menu.focus()
    phone.keyboard.press("Enter")
    current = phone.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Réglages")
    expect(current).to_have_attribute("aria-current", "page")
    expect(current).to_be_in_viewport()
    assert (axe(phone), overflow(phone)) == ([], 0)
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/coordination/")


def test_a_decision_is_reached_by_keyboard_alone(page: Page, live_server: LiveServer, home: str):
    sign_in(page, live_server)
    page.goto(home)
    page.locator("main h1").evaluate("one => { one.tabIndex = -1; one.focus() }")

    for _ in range(2):  # « Planifier une séance », then the first decision
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/minimum")
