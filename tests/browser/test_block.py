"""The agenda inside a page of another site, in a real Chromium: framed, as high as it needs, no cookie, links out."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cpts_sessions.accounts import services as sign_ins
from cpts_sessions.core.clock import now
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from tests.browser.live import LiveServer
from tests.browser.moving import enter
from tests.browser.reading import axe, overflow
from tests.factories import make_coordinator, make_group_session, make_organisation, make_programme
from tests.processes import until

pytestmark = pytest.mark.browser

FIXED = 150  # CSS pixels, far too low: the script must do better

PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Le site de la CPTS</title>
<h1>Notre CPTS</h1>
<iframe src="{site}/bloc" title="Agenda" width="100%" height="{height}"></iframe>
{script}</html>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and writes nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def wordpress(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another site, on another port hence of another origin, whose pages show the block."""
    with live_server.app.app_context():
        programme = make_programme(make_organisation(public_url=live_server.url), capacity=10)
        for week in range(1, 5):
            make_group_session(programme, starts_at=now() + timedelta(weeks=week))
    folder: Path = tmp_path_factory.mktemp("wordpress")
    script = f'<script src="{live_server.url}/bloc.js" async></script>'
    for name, added in (("with", script), ("without", "")):
        text = PAGE.format(site=live_server.url, height=FIXED, script=added)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR")
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


def frame_height(page: Page) -> float:
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return box["height"]


def content_height(page: Page) -> float:
    height = page.frames[1].evaluate("document.documentElement.getBoundingClientRect().height")
    assert isinstance(height, int | float)
    return float(height)


def test_the_frame_takes_the_height_of_the_agenda_and_follows_it(visitor: Page, wordpress: str):
    visitor.goto(f"{wordpress}/with.html")
    expect(visitor.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()

    until(lambda: abs(frame_height(visitor) - content_height(visitor)) < 10, "the frame to be as high as its content")
    narrow = frame_height(visitor)
    visitor.set_viewport_size({"width": 1280, "height": 800})
    until(lambda: frame_height(visitor) < narrow - 20, "the frame to be lower when there is more width")

    assert narrow > FIXED
    assert abs(frame_height(visitor) - content_height(visitor)) < 10


def test_without_the_script_the_frame_keeps_its_height_and_shows_the_same(visitor: Page, wordpress: str):
    visitor.goto(f"{wordpress}/without.html")

    expect(visitor.frame_locator("iframe").get_by_role("listitem")).to_have_count(4)
    assert frame_height(visitor) == pytest.approx(FIXED, abs=5)


def test_a_link_of_the_block_leaves_the_frame(visitor: Page, wordpress: str, live_server: LiveServer):
    visitor.goto(f"{wordpress}/with.html")

    visitor.frame_locator("iframe").get_by_role("link", name="Voir tout l’agenda").click()

    visitor.wait_for_url(f"{live_server.url}/")


def test_no_other_page_lets_itself_be_framed(visitor: Page, wordpress: str, live_server: LiveServer):
    said: list[str] = []
    visitor.on("console", lambda message: said.append(message.text))
    visitor.goto(f"{wordpress}/without.html")
    assert not any("frame-ancestors" in one for one in said)

    with visitor.expect_console_message(lambda message: "frame-ancestors" in message.text):
        visitor.evaluate("url => { document.querySelector('iframe').src = url }", f"{live_server.url}/")


def test_a_message_of_somebody_else_changes_nothing(visitor: Page, wordpress: str):
    visitor.goto(f"{wordpress}/with.html")
    until(lambda: abs(frame_height(visitor) - content_height(visitor)) < 10, "the frame to be as high as its content")
    before = frame_height(visitor)

    visitor.evaluate("postMessage({cptsBlockHeight: 3000}, '*')")
    visitor.evaluate("new Promise(done => setTimeout(done))")

    assert frame_height(visitor) == pytest.approx(before, abs=10)


def test_the_block_alone_is_readable_by_everyone(visitor: Page, live_server: LiveServer, wordpress: str):
    visitor.goto(f"{live_server.url}/bloc")

    assert axe(visitor) == []
    assert overflow(visitor) == 0


def test_what_is_to_be_pasted_is_copied_by_one_button(chromium: Browser, wordpress: str, live_server: LiveServer):
    with live_server.app.app_context():
        organisation = db.session.execute(select(Organisation)).scalar_one()
        sophie = make_coordinator(organisation, email="sophie@example.org")
        way_in = sign_ins.links_for(organisation, sophie.email or "")[0].url
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"], locale="fr-FR")
    page = context.new_page()
    enter(page, way_in)
    page.goto(f"{live_server.url}/coordination/faire-connaitre")

    page.get_by_role("button", name="Copier ces deux lignes").click()

    expect(page.get_by_role("status")).to_have_text("Copié")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0].startswith(f'<iframe src="{live_server.url}/bloc"')
    assert copied.splitlines()[1] == f'<script src="{live_server.url}/bloc.js" async></script>'
    context.close()
