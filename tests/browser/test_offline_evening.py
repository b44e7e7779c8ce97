"""The page of an evening without network, in a real Chromium: nothing is lost, nothing is doubled, nothing is left."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from cpts_sessions.accounts.models import OpenSignIn
from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.clock import now
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.extensions import db
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.web.site import create_app
from tests.browser import reading
from tests.browser.conftest import PHONE
from tests.browser.evening_stage import (
    SENT,
    THIRTEEN_ONCE,
    Evening,
    begin,
    kept,
    left_on,
    line,
    mark,
    mark_everybody_and_one_more,
    marks,
    opened,
    rows,
    sign_in,
)
from tests.browser.live import live
from tests.conftest import settings
from tests.factories import told
from tests.faults.running import Site
from tests.processes import free_port, until

pytestmark = pytest.mark.browser


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with live("sqlite", tmp_path) as server:
        yield begin(server.app, server.url)


@pytest.fixture
def device(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Telephones, each of its own; none may have complained of anything."""
    contexts: list[BrowserContext] = []

    def another() -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]}, locale="fr-FR", timezone_id="Europe/Paris"
        )
        reading.watch(context)
        contexts.append(context)
        return context

    yield another
    complaints = [complaint for context in contexts for complaint in reading.watch(context).complaints]
    for context in contexts:
        context.close()
        reading.forget(context)
    assert complaints == []


def test_a_whole_evening_without_network_is_sent_once_hours_later_without_any_sign_in(device, evening):
    context = device()
    sign_in(context, evening)
    page = opened(context, evening)
    context.set_offline(True)
    mark_everybody_and_one_more(page)
    page.close()

    page = context.new_page()
    page.clock.install(time=page.evaluate("Date.now()") / 1000 + 4 * 3600)  # four hours later, by its clock
    page.goto(evening.url + "/")
    kept(page, 13)
    expect(page.locator("[data-count]")).to_have_text("13\u00a0présences relevées sur 13")
    with evening.app.app_context(), transaction():
        assert db.session.query(OpenSignIn).delete() == 1
    context.set_offline(False)

    expect(line(page)).to_have_text(SENT)
    assert rows(evening) == THIRTEEN_ONCE
    with evening.app.app_context():
        waited = {now() - row.taken_at > timedelta(hours=3, minutes=59) for row in db.session.query(Attendance)}
        means = {row.means for row in db.session.query(Attendance)}
    assert (waited, means) == ({True}, {"offline"})


def test_the_server_killed_in_the_middle_of_the_sending_each_is_there_once(device, tmp_path):
    url = f"sqlite:///{tmp_path / 'cpts.db'}"
    app = create_app(settings(tmp_path, url))
    with app.app_context():
        upgrade()
    port = free_port()
    with Site(tmp_path, url, port=port) as site:
        evening = begin(app, site.url)
        context = device()
        page = opened(context, evening)
        context.set_offline(True)
        mark_everybody_and_one_more(page)

        def kill_once_written(route):
            """Let the server do its work, then kill it, and lose what it answers; what follows is lost too."""
            if site not in killed:
                route.fetch()
                site.kill_all_but_the_supervisor()
                killed.append(site)
            route.abort("connectionreset")

        killed = []
        page.route("**/changements", kill_once_written)
        with page.expect_event("requestfailed", lambda one: one.url.endswith("/changements"), timeout=60_000):
            context.set_offline(False)
        kept(page, 13)
        assert rows(evening) == THIRTEEN_ONCE  # it had been written
        page.unroute("**/changements")
        until(site.is_well, "a new start")
        page.evaluate("dispatchEvent(new Event('online'))")

        expect(line(page)).to_have_text(SENT)
        assert rows(evening) == THIRTEEN_ONCE


def test_killed_before_it_has_written_anything_it_is_sent_again(device, tmp_path):
    url = f"sqlite:///{tmp_path / 'cpts.db'}"
    app = create_app(settings(tmp_path, url))
    with app.app_context():
        upgrade()
    with Site(tmp_path, url, port=free_port()) as site:
        evening = begin(app, site.url)
        context = device()
        page = opened(context, evening)
        context.set_offline(True)
        mark_everybody_and_one_more(page)

        def kill_first(route):
            """Let what is sent leave towards a server that has just died."""
            site.kill_all_but_the_supervisor()
            route.continue_()

        page.route("**/changements", kill_first, times=1)
        context.set_offline(False)

        expect(line(page)).to_have_text(SENT, timeout=120_000)  # by itself: it tries at least once a minute
        assert rows(evening) == THIRTEEN_ONCE


def test_by_keyboard_the_first_letters_lead_to_a_name_and_an_arrow_notes_it(device, evening):
    page = opened(device(), evening)
    page.get_by_label("Premières lettres du nom").press_sequentially("elise personne07")
    expect(page.locator(".people li:visible")).to_have_count(1)
    expect(page.get_by_role("button", name="Tout le monde est là")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("1\u00a0présence relevée sur 12")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-count]")).to_have_text("Aucune présence relevée")

    until(lambda: marks(evening) == ["absent"], "the second mark to be sent")
    expect(line(page)).to_have_text(SENT)


def test_two_devices_count_without_names_and_add_up(device, evening):
    pages = [opened(device(), evening) for _ in range(2)]
    for page in pages:
        page.context.set_offline(True)
        page.get_by_text("Relever sans noms", exact=True).first.click()
        for _ in range(2):
            page.get_by_label("Une personne de plus : sage-femme").click()
        page.get_by_label("Une personne de moins : sage-femme").click()
        kept(page, 3)
        expect(page.locator("[data-nameless-total]")).to_have_text("1")
        page.context.set_offline(False)
        expect(line(page)).to_have_text(SENT)

    expect(pages[1].locator("[data-nameless-total]")).to_have_text("2")
    assert rows(evening) == ([], 6)


def test_two_devices_disagree_the_last_word_stands_and_both_are_told(device, evening):
    mine, hers = device(), device()
    here, there = opened(mine, evening), opened(hers, evening)
    mine.set_offline(True)
    hers.set_offline(True)
    mark(here, 0, "Présence")
    kept(here, 1)
    mark(there, 0, "Absence")
    kept(there, 1)
    mine.set_offline(False)
    expect(line(here)).to_have_text(SENT)
    hers.set_offline(False)
    expect(line(there)).to_have_text(SENT)

    told = there.locator("[data-disagreements] .flash")
    expect(told).to_contain_text("Élise Personne00\u00a0: absence sur cet appareil à")
    expect(told).to_contain_text("présence sur un autre à")
    expect(told).to_contain_text("Le plus récent est retenu\u00a0: absence.")
    here.evaluate("dispatchEvent(new Event('online'))")  # it looks every fifteen seconds: now is one of them
    expect(here.locator("[data-disagreements] .flash")).to_contain_text("retenu\u00a0: absence.")
    assert reading.axe(here) == []
    assert rows(evening) == ([1], 2)

    there.get_by_role("button", name="C’est juste").click()
    expect(there.locator("[data-disagreements] .flash")).to_have_count(0)
    here.evaluate("dispatchEvent(new Event('online'))")
    expect(here.locator("[data-disagreements] .flash")).to_have_count(0)


def test_closed_without_network_nothing_is_left_on_the_device(device, evening):
    context = device()
    page = opened(context, evening)
    context.set_offline(True)
    page.get_by_role("button", name="Tout le monde est là").click()
    page.get_by_role("button", name="Clore la séance").click()
    expect(page.locator("[data-closing]")).to_contain_text("La clôture est notée ici et partira avec le réseau.")
    assert reading.axe(page) == []
    context.set_offline(False)

    expect(page.locator("main")).to_contain_text(
        "Séance close. 12\u00a0présences. Merci pour ce temps. La liste est effacée de cet appareil."
    )
    assert left_on(page) == [[], [], []]
    assert "Personne00" not in page.content()
    assert reading.axe(page) == []
    page.reload()
    expect(page.locator("main")).to_contain_text("Cette séance est close depuis le")


def test_what_comes_after_the_closing_stays_on_the_device_until_somebody_has_read_it(device, evening):
    context = device()
    page = opened(context, evening)
    context.set_offline(True)
    mark(page, 3, "Absence")
    kept(page, 1)
    with evening.app.app_context():
        count = {"missing_are_absent": True, "before_end": True}
        attendance.add_walk_in(evening.group_session_id, told(last_name="Weber"), actor_id=evening.animator_id)
        services.close(evening.group_session_id, actor_id=evening.animator_id, **count)
    context.set_offline(False)

    expect(page.locator("main")).to_contain_text("Élise Personne03\u00a0: absence")
    expect(page.locator("main")).to_contain_text("demandez à la coordination de la rouvrir.")
    page.reload()
    expect(page.locator("main")).to_contain_text("Élise Personne03\u00a0: absence")
    page.get_by_role("button", name="Effacer de cet appareil").click()
    expect(page.locator("main")).to_contain_text("La liste est effacée de cet appareil.")
    assert left_on(page) == [[], [], []]


def test_a_link_that_was_cut_leaves_nothing_on_the_device(device, evening):
    context = device()
    page = opened(context, evening)
    with evening.app.app_context():
        services.revoke_link(evening.group_session_id, evening.animator_id, actor_id=evening.animator_id)
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("main")).to_contain_text("La coordination a coupé ce lien. Demandez-lui-en un autre.")
    assert left_on(page) == [[], [], []]
