"""A card filled on the smallest phone, and a batch of them typed in by keyboard."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cpts_sessions.accounts import services as sign_ins
from cpts_sessions.core.clock import local, now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires import card_entry
from tests.browser import reading
from tests.browser.conftest import PHONE
from tests.browser.live import LiveServer
from tests.browser.moving import enter
from tests.factories import make_coordinator
from tests.questionnaires.on_cards import tonight, with_cards

pytestmark = pytest.mark.browser

SCALES = ("e1", "e2", "e3", "e4")


@pytest.fixture(scope="module")
def address(live_server: LiveServer) -> str:
    """What the code of the cards of this evening opens, but the number."""
    with live_server.app.app_context():
        programme = with_cards()
        with transaction():
            db.session.get_one(Organisation, programme.organisation_id).public_url = live_server.url
        begun = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
        one = tonight(programme, starts_at=begun, ends_at=begun + timedelta(hours=47))  # should midnight strike
        opened = card_entry.address(one)
    return opened


@pytest.fixture
def thumb(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone."""
    context = chromium.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}, has_touch=True, is_mobile=True, locale="fr-FR"
    )
    seen = reading.watch(context)
    yield context
    context.close()
    reading.forget(context)
    assert seen.complaints == []


def faults(page: Page) -> list[str]:
    """What is wrong with a page: what runs off it, and what axe finds."""
    wide = reading.overflow(page)
    return [*([f"{wide} px too wide"] if wide else []), *reading.axe(page)]


def fill(page: Page, mark: int) -> None:
    for scale in SCALES:
        page.locator(f"label[for={scale}-{mark}]").tap()
    page.get_by_role("button", name="Envoyer").tap()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_five_taps_fill_each_passage_and_no_cookie_is_set(chromium: Browser, address: str, scripts: bool):
    context = chromium.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    for moment, heading in (("arrivee", "C’est noté"), ("depart", "Merci, votre carte est complète")):
        page.goto(f"{address}/A{int(scripts)}B3?moment={moment}")
        fill(page, 7)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert context.cookies() == []
    context.close()


def test_the_pages_of_a_card_read_well_on_a_phone(thumb: BrowserContext, address: str):
    page = thumb.new_page()
    for path in (f"{address}/C2D3", address):
        page.goto(path)
        assert faults(page) == []
    page.get_by_role("button", name="Envoyer").tap()
    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []
    page.goto(f"{address}/C2D3?moment=depart")
    fill(page, 3)
    expect(page.get_by_role("alert")).to_contain_text("Aucune réponse d’arrivée")
    assert faults(page) == []


def test_five_cards_are_typed_without_a_mouse(live_server: LiveServer, address: str, page: Page):
    with live_server.app.app_context():
        organisation = db.session.query(Organisation).one()
        programme = db.session.query(Programme).one().public_id
        link = sign_ins.links_for(organisation, make_coordinator(organisation).email or "")[0].url
    enter(page, link)
    shown = f"{live_server.url}/coordination/questionnaires/cartes/{programme}/{local(now()).year}"
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{shown}/saisir")
    assert page.locator(".cards tbody th").first.evaluate("cell => cell.offsetWidth") < 60, "room for the marks"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#e1-avant-0").focus()
    for line in range(5):
        for mark in (7, 6, 8, 3, 3, 5, 4, 8):
            page.keyboard.type(str(mark))
            page.keyboard.press("Tab")
        if line < 4:
            page.keyboard.press("Tab")  # the number may be left out
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("5 cartes ajoutées aux tableaux")).to_be_visible()
    assert page.url == shown
    assert faults(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert faults(page) == []
    table = page.locator(".scroll").first
    assert table.evaluate("one => one.scrollWidth > one.clientWidth")
    shaded = table.evaluate("one => getComputedStyle(one).backgroundAttachment")
    assert shaded == "local, local, scroll, scroll", "the edge beyond which a table goes on is shaded"
