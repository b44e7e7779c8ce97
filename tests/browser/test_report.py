"""The report of a year in a real Chromium: figures put where the cursor is, sentences copied, marks settled."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cpts_sessions.accounts.services import links_for
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.reports import services
from cpts_sessions.reports.models import ReportText
from tests.browser.live import LiveServer
from tests.browser.moving import enter, follow
from tests.browser.reading import axe, overflow
from tests.reports.annual.years import Year

pytestmark = pytest.mark.browser

PAGE = "/coordination/rapport/2025/action-30"


@pytest.fixture(scope="module")
def year(live_server: LiveServer) -> Year:
    """The season of 2025 on this server, and a text of action 30 with a mark of each kind."""
    with live_server.app.app_context():
        year = Year()
        with transaction():
            db.session.get_one(Organisation, year.id).public_url = live_server.url
        year.write("### Bilan\n\nLes **19 professionnels** : 14 cercles de paroles. {inconnu} {participants}.")
        year.one_more()
        services.note_amounts(year.id, 2025, {"27": 2500}, actor_id=year.eva.id)
    return year


def sign_in(page: Page, live_server: LiveServer, year: Year) -> None:
    with live_server.app.app_context():
        organisation = db.session.get_one(Organisation, year.id)
        db.session.add(year.eva)
        url = links_for(organisation, year.eva.email or "")[0].url
    enter(page, url)


def seen_well(page: Page) -> None:
    assert axe(page) == []
    assert overflow(page) == 0


def test_the_page_is_read_whole_on_a_phone_and_a_figure_goes_where_the_cursor_is(
    phone: Page, live_server: LiveServer, year: Year
):
    sign_in(phone, live_server, year)
    phone.goto(f"{live_server.url}{PAGE}")
    for summary in phone.locator("main summary").all():
        summary.click()
    seen_well(phone)

    text = phone.get_by_label("Votre texte")
    text.fill("Avant après")
    text.evaluate("area => area.setSelectionRange(5, 5)")
    phone.get_by_role("button", name="Présences", exact=True).click()
    expect(text).to_have_value("Avant {presences} après")


def test_a_sentence_is_copied(page: Page, live_server: LiveServer, year: Year):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, live_server, year)
    page.goto(f"{live_server.url}{PAGE}")
    page.get_by_text("Les phrases, à copier une à une").click()
    holder = page.locator("[data-copy]").filter(has_text="présences cumulées en 14 séances").first
    holder.get_by_role("button", name="Copier la phrase").click()
    holder.get_by_role("button", name="Copié").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\u00a0", " ").endswith("en 14 séances, soit 5,6 en moyenne par séance.")


def test_a_mark_is_settled_without_javascript(chromium: Browser, live_server: LiveServer, year: Year):
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, live_server, year)
    page.goto(f"{live_server.url}{PAGE}")

    page.get_by_role("button", name="Remplacer « 19 professionnels »").click()
    page.wait_for_url("**#texte-de-la-page")

    with live_server.app.app_context():
        assert "**20 professionnels**" in (db.session.query(ReportText).one().markdown or "")
    context.close()


@pytest.fixture
def open_again(live_server: LiveServer, year: Year) -> Iterator[None]:
    """Unfreeze the year afterwards: the other tests write in it."""
    yield
    with live_server.app.app_context():
        db.session.add(year.eva)
        services.unfreeze(year.id, 2025, actor_id=year.eva.id)


@pytest.mark.usefixtures("open_again")
def test_the_year_is_frozen_and_read_well(page: Page, live_server: LiveServer, year: Year):
    sign_in(page, live_server, year)
    page.goto(f"{live_server.url}/coordination/rapport/2025")
    seen_well(page)
    follow(page.get_by_role("link", name="Figer l’année 2025"))
    seen_well(page)
    follow(page.get_by_role("button", name="Figer le rapport 2025"))
    expect(page.get_by_text("Les chiffres ne bougent plus")).to_be_visible()
    seen_well(page)
    follow(page.get_by_role("link", name="Défiger l’année 2025"))
    seen_well(page)
