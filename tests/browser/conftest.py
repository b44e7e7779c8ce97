"""A real Chromium before the real application.

`live_server` is shared by the tests of a module, with an empty migrated SQLite database that a
module-scoped fixture may fill. Where the engine matters:

    @pytest.mark.parametrize("live_engine", databases.ENGINES, indirect=True, scope="module")
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium as installed
from tests.browser import reading
from tests.browser.live import LiveServer, live

#: CSS pixels of the phone of the least favoured visitor, and of an ordinary screen.
PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 800}

expect.set_options(timeout=30_000)  # as long as Playwright waits for anything else: a slow machine is not a fault


@pytest.fixture(scope="module")
def live_engine(request: pytest.FixtureRequest) -> str:
    """The engine behind `live_server`."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="module")
def live_server(live_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The application, served on a free port of the loopback."""
    with live(live_engine, tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine, without a window. Its absence is a failure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed.path(), args=installed.flags())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A new visitor, without cookies, on a screen; whatever happens, no other site is asked for anything."""
    yield from _visit(chromium, SCREEN)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """The same, on a phone 360 pixels wide."""
    yield from _visit(chromium, PHONE)


def _visit(chromium: Browser, size: dict[str, int]) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="fr-FR", timezone_id="Europe/Paris"
    )
    seen = reading.watch(context)
    page = context.new_page()
    yield page
    foreign = reading.no_third_party(page)
    context.close()
    reading.forget(context)
    assert foreign == []
    assert seen.complaints == []
