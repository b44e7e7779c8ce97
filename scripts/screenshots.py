"""Photograph the pages shown by the README: the demonstration, always on the same Monday, in a real Chromium.

    .venv/bin/python scripts/screenshots.py

Writes docs/images/<page>.png, 1280 pixels wide, and <page>-telephone.png, 360 pixels wide. Needs what the tests need
(`make install-dev`). Works in a folder of its own, on a free port of the loopback; the installation is not touched.
"""

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

import config
from cpts_sessions.installation import demonstration
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.registrations.agenda import State, agenda_page
from cpts_sessions.web.site import create_app
from tests.browser import chromium
from tests.browsing import sign_in
from tests.processes import free_port

FOLDER = Path(__file__).parents[1] / "docs" / "images"
MOMENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday morning
LARGEST_BYTES = 200_000

#: What each picture is called after, and how many CSS pixels it shows.
SIZES = {"": (1280, 860), "-telephone": (360, 1040)}


def main() -> None:
    """Photograph every page at every size, and say how heavy each picture is."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        time_machine.travel(MOMENT, tick=True),
        served(Path(folder)) as (app, url),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.flags())
        cookie = coordination(app)
        for name, path in pages(app).items():
            for suffix, size in SIZES.items():
                picture = FOLDER / f"{name}{suffix}.png"
                picture.write_bytes(photograph(browser, url, path, size, cookie if name == "bureau" else None))
                print(f"{picture.name}: {picture.stat().st_size // 1000} kB")
                if picture.stat().st_size > LARGEST_BYTES:
                    raise SystemExit(f"{picture.name} is too heavy: show less of the page")
        browser.close()


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


def coordination(app: Flask) -> str:
    """Return the cookie of a browser in which the coordination is signed in."""
    with app.app_context():
        who = next(way.person for way in demonstration.entrances() if way.role == "Coordination")
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


def photograph(browser: Browser, url: str, path: str, size: tuple[int, int], cookie: str | None) -> bytes:
    """Return the PNG of the top of one page, as a new visitor or with a cookie."""
    width, height = size
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
    answer = page.goto(url + path)
    assert answer
    assert answer.status == 200, f"{path}: {answer.status}"
    page.evaluate("document.fonts.ready")
    picture = page.screenshot()
    context.close()
    return picture


if __name__ == "__main__":
    main()
