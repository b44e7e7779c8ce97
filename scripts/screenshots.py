"""Photograph the pages shown by the README and by the guides: the demonstration, always on the same Monday.

    .venv/bin/python scripts/screenshots.py            (all of them)
    .venv/bin/python scripts/screenshots.py soiree     (this picture of the guides only)

Writes docs/images/<page>.png, 1280 pixels wide, and <page>-telephone.png, 360 pixels wide; then docs/guide/images/, as
scripts/guide_pictures.py says. Needs what the tests need (`make install-dev`). Works in a folder of its own, on a free
port of the loopback; the installation is not touched.
"""

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from flask import Flask
from guide_pictures import COORDINATION, PICTURES, Picture
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

import config
from cpts_sessions.installation import demonstration
from cpts_sessions.installation.schema import upgrade
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.registrations.agenda import State, agenda_page
from cpts_sessions.web.site import create_app
from tests.browser import chromium
from tests.browsing import sign_in
from tests.processes import free_port

FOLDER = Path(__file__).parents[1] / "docs" / "images"
GUIDE_FOLDER = FOLDER.parent / "guide" / "images"
MOMENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday morning
LARGEST_BYTES = 200_000
#: Each run has a port of its own: the pictures show this address instead.
SHOWN_URL = "https://seances.example.org"
_SHOW_THAT_ADDRESS = """([from, to]) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(from, to);
}"""

#: What each picture is called after, and how many CSS pixels it shows.
SIZES = {"": (1280, 900), "-telephone": (360, 1040)}


def main(wanted: list[str]) -> None:
    """Photograph every page at every size, or the `wanted` pictures of the guides, and say how heavy each one is."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    GUIDE_FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        time_machine.travel(MOMENT, tick=True),
        served(Path(folder)) as (app, url),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.flags())
        cookies = {role: signed_in(app, role) for role in roles(app)}
        for name, path in {} if wanted else pages(app).items():
            who = COORDINATION if name == "bureau" else None
            for suffix, size in SIZES.items():
                keep(
                    FOLDER / f"{name}{suffix}.png",
                    browser,
                    url,
                    Picture(name, path, who, size, with_band=True),
                    cookies,
                )
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                with app.app_context():
                    path = picture.path if isinstance(picture.path, str) else picture.path()
                keep(GUIDE_FOLDER / f"{picture.name}.png", browser, url, replace(picture, path=path), cookies)
        browser.close()


def keep(file: Path, browser: Browser, url: str, picture: Picture, cookies: dict[str, str]) -> None:
    """Write one picture, and refuse it when it is too heavy."""
    file.write_bytes(photograph(browser, url, picture, cookies.get(picture.who or "")))
    print(f"{file.name}: {file.stat().st_size // 1000} kB")
    if file.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{file.name} is too heavy: show less of the page")


@contextmanager
def served(folder: Path) -> Iterator[tuple[Flask, str]]:
    """Serve the demonstration, loaded at that moment, until the block ends."""
    port = free_port()
    app = create_app(config.from_environment({"CPTS_DATA_DIR": str(folder), "PORT": str(port)}))
    with app.app_context():
        upgrade()
        demonstration.load()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()


def pages(app: Flask) -> dict[str, str]:
    """Return the path of each page; the session shown is the first that has both people and places."""
    with app.app_context():
        shown = agenda_page(the_demonstration().id)
        assert shown
        session = next(one.group_session for one in shown.sessions if one.taken and one.state is State.OPEN)
        return {"agenda": "/", "seance": f"/seances/{session.public_id}", "bureau": "/coordination/"}


def roles(app: Flask) -> list[str]:
    """Return the roles one may enter the demonstration as."""
    with app.app_context():
        return [way.role for way in demonstration.entrances()]


def signed_in(app: Flask, role: str) -> str:
    """Return the cookie of a browser in which the person of a role is signed in."""
    with app.app_context():
        who = next(way.person for way in demonstration.entrances() if way.role == role)
        client = app.test_client()
        sign_in(client, who)
        cookie = client.get_cookie("cpts", domain="127.0.0.1")
        assert cookie
        return cookie.value


def the_demonstration() -> Organisation:
    """Return the invented CPTS."""
    found = demonstration.find()
    assert found
    return found


def photograph(browser: Browser, url: str, picture: Picture, cookie: str | None) -> bytes:
    """Return the PNG of the top of one page, as a new visitor or with a cookie, once what leads to it is done."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        color_scheme="light",
        reduced_motion="reduce",
    )
    if cookie:  # without an end: the moment is not the browser's
        context.add_cookies([{"name": "cpts", "value": cookie, "url": url}])
    page = context.new_page()
    page.clock.set_fixed_time(MOMENT)
    answer = page.goto(f"{url}{picture.path}")
    assert answer
    assert answer.status == 200, f"{picture.path}: {answer.status}"
    if picture.act:
        picture.act(page)
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate(_SHOW_THAT_ADDRESS, [url, SHOWN_URL])
    page.evaluate("scrollTo(0, 0)")
    if not picture.with_band:
        page.evaluate("document.querySelector('.demo').remove()")
    taken = page.screenshot()
    context.close()
    return taken


if __name__ == "__main__":
    main(sys.argv[1:])
