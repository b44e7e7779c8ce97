"""Signing up without a mouse, without JavaScript, on a screen 360 pixels wide."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.registrations.models import Registration
from tests.browser.conftest import PHONE
from tests.browser.live import LiveServer
from tests.browser.moving import follow_by_keyboard
from tests.factories import make_group_session, make_organisation, make_programme

pytestmark = pytest.mark.browser

#: Beyond it, a keyboard user has been led astray: the whole page has fewer things to stop at.
MOST_TABS = 30


class Keyboard:
    """The keys of somebody who has nothing else, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0  # presses of Tab: the way from one thing to the next

    def reach(self, selector: str) -> None:
        """Press Tab until this has the focus."""
        for _ in range(MOST_TABS):
            if self.page.locator(f"{selector}:focus").count():
                return
            self.page.keyboard.press("Tab")
            self.stops += 1
        raise AssertionError(f"{selector} was not reached")

    def follow(self) -> None:
        """Press Enter on what has the focus, and wait for the page it leads to."""
        follow_by_keyboard(self.page)

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)

    def write(self, selector: str, words: str) -> None:
        """Reach a field and type in it."""
        self.reach(selector)
        self.page.keyboard.type(words)


@pytest.fixture(scope="module")
def session_path(live_server: LiveServer) -> str:
    """An open session in ten days."""
    with live_server.app.app_context():
        programme = make_programme(
            make_organisation(public_url=live_server.url), charter="Ce qui se dit ici reste ici."
        )
        session = make_group_session(programme, starts_at=now() + timedelta(days=10), capacity=12)
        path = f"/seances/{session.public_id}"
    return path


@pytest.fixture
def keyboard(chromium: Browser) -> Iterator[Keyboard]:
    """A browser that runs no script."""
    context = chromium.new_context(
        java_script_enabled=False,
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        locale="fr-FR",
        timezone_id="Europe/Paris",
    )
    page = context.new_page()
    yield Keyboard(page)
    context.close()


def test_signing_up_takes_only_the_keyboard(keyboard: Keyboard, live_server: LiveServer, session_path: str):
    page = keyboard.page
    page.goto(live_server.url)
    keyboard.reach(f"a[href='{session_path}']")
    keyboard.follow()
    keyboard.reach(f"a[href='{session_path}/inscription']")
    keyboard.follow()
    keyboard.write("[name=prenom]", "Lou")
    keyboard.write("[name=nom]", "Passager")
    keyboard.write("[name=email]", "lou.passager")
    keyboard.follow()

    expect(page.locator("#erreurs")).to_be_focused()
    wrong = [link.get_attribute("href") for link in page.locator("#erreurs li a").all()]
    assert wrong == ["#email", "#profession", "#charte"]
    keyboard.reach("#erreurs a[href='#email']")
    keyboard.press("Enter")
    expect(page.locator("[name=email]")).to_be_focused()
    keyboard.press("End")
    page.keyboard.type("@example.org")
    keyboard.write("[name=profession]", "sage")
    keyboard.reach("[name=charte]")
    keyboard.press("Space")
    keyboard.reach("main form button")
    keyboard.follow()

    expect(page.locator("h1")).to_contain_text("C’est noté")
    with live_server.app.app_context():
        rows = db.session.execute(select(Registration.first_name, Registration.profession_slug, Registration.status))
        assert [tuple(row) for row in rows] == [("Lou", "sage-femme", "confirmed")]
    assert keyboard.stops <= MOST_TABS, keyboard.stops


def test_the_first_stop_of_a_page_leads_to_its_content(keyboard: Keyboard, live_server: LiveServer, session_path: str):
    keyboard.page.goto(live_server.url + session_path)
    keyboard.press("Tab")
    expect(keyboard.page.locator("a[href='#contenu']")).to_be_focused()
    keyboard.press("Enter")
    keyboard.page.wait_for_url("**#contenu")
    keyboard.press("Tab")

    expect(keyboard.page.locator("main :focus")).to_have_count(1)
