"""The code of the room in a real Chromium: drawn by the telephone of whoever animates, read by a camera, opened."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import zxingcpp
from flask import render_template
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import delete

from cpts_sessions.attendance import check_in
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.web.headers import CONTENT_SECURITY_POLICY
from cpts_sessions.web.templating import assets
from tests.attendance.test_check_in import KEY, KNOWN
from tests.browser.conftest import PHONE, SCREEN
from tests.browser.live import LiveServer
from tests.browser.reading import axe, overflow
from tests.factories import (
    make_circles,
    make_evening_link,
    make_group_session,
    make_organisation,
    make_person,
    make_registration,
)

pytestmark = pytest.mark.browser

#: A page with nothing but the code of the room, served by the test under the policy of the site.
ALONE = "/essai"
SHELL = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    '<link rel="stylesheet" href="{tokens}"><link rel="stylesheet" href="{app}"></head>'
    '<body><main class="narrow"><h1>Essai</h1>{partial}</main></body></html>'
)


@pytest.fixture(scope="module")
def evening(live_server: LiveServer) -> UUID:
    """A talking circle that goes on, where Claire Martin is expected."""
    with live_server.app.app_context():
        organisation = make_organisation(public_url=live_server.url)
        one = make_group_session(make_circles(organisation), starts_at=now() - timedelta(minutes=20), capacity=9)
        make_registration(one, make_person(organisation, first_name="Claire", last_name="Martin"))
        return one.public_id


@pytest.fixture(scope="module")
def drawn_path(live_server: LiveServer, evening: UUID) -> str:
    """Where the server draws the code for whoever animates."""
    with live_server.app.app_context():
        one = db.session.query(GroupSession).filter_by(public_id=evening).one()
        link = make_evening_link(one, make_person(one.organisation))
        return f"/soiree/{links.token(Purpose.EVENING, link.public_id)}/qr"


@pytest.fixture
def show(live_server: LiveServer, evening: UUID, drawn_path: str) -> Callable[[Page], Locator]:
    """Open the page of the code alone, and give back the code."""
    with live_server.app.test_request_context(base_url=live_server.url):
        one = db.session.query(GroupSession).filter_by(public_id=evening).one()
        partial = render_template("public/_check_in.html", check_in=check_in.screen(one), drawn_url=drawn_path)
    url = assets().url
    html = SHELL.format(tokens=url("css/tokens.css"), app=url("css/app.css"), partial=partial)

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=html, headers=headers)

    def open_it(page: Page) -> Locator:
        page.route(live_server.url + ALONE, answer)
        page.goto(live_server.url + ALONE)
        return page.locator("[data-check-in]")

    return open_it


def read(picture: Locator) -> str:
    """What a camera in front of this picture reads."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
    assert [one.format for one in found] == [zxingcpp.BarcodeFormat.QRCode]
    return str(found[0].text)


def forget_presences(live_server: LiveServer) -> None:
    with live_server.app.app_context(), transaction():
        db.session.execute(delete(Attendance))


def present(live_server: LiveServer) -> list[tuple[str, str]]:
    with live_server.app.app_context():
        return [(row.status, row.means) for row in db.session.query(Attendance)]


def test_the_browser_makes_the_same_codes_as_the_server(page: Page, show: Callable[[Page], Locator]) -> None:
    show(page)
    module, key = assets().url("js/check_in.js"), check_in.in_base64(KEY)

    made = page.evaluate(
        "async ([module, key, numbers]) => {const {codes} = await import(module);"
        "return Promise.all(numbers.map((number) => codes(key, number)))}",
        [module, key, list(KNOWN)],
    )

    said = [(one["scanned"], one["typed"].replace("\u00a0", " ")) for one in made]
    assert said == [(one.scanned, one.typed) for one in KNOWN.values()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_telephone_draws_without_network_is_read_and_notes_a_presence(
    phone: Page, page: Page, live_server: LiveServer, show: Callable[[Page], Locator], scheme: str
) -> None:
    forget_presences(live_server)
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    code = show(phone)
    phone.context.set_offline(True)
    code.locator("summary").click()
    expect(code.locator("[data-code]")).to_have_text(re.compile(r"^\d{3}\s\d{3}$"))
    box = code.locator(".qr").bounding_box()
    address = read(code.locator(".qr"))

    page.goto(address)
    page.get_by_label("Prénom").fill("claire")
    page.get_by_label("Nom", exact=True).fill("MARTIN")
    page.get_by_role("button", name="Je suis là").click()

    expect(page.locator(".lead")).to_contain_text("C’est noté si votre nom est sur la liste.")
    assert present(live_server) == [("present", "qr")]
    assert box is not None
    assert box["width"] >= 240
    assert (overflow(phone), axe(phone)) == (0, [])


def test_the_code_changes_every_thirty_seconds_and_the_seconds_left_are_said(
    page: Page, live_server: LiveServer, evening: UUID, show: Callable[[Page], Locator]
) -> None:
    instant = 1_793_610_007_000  # seven seconds into a window
    page.clock.install(time=instant / 1000)
    page.clock.pause_at(instant / 1000 + 1)
    code = show(page)
    page.route("**/presence", lambda route: route.abort())  # the hour of the server is not to be had
    code.locator("summary").click()
    with live_server.app.app_context():
        key = check_in.device_key(db.session.query(GroupSession).filter_by(public_id=evening).one())
    first, second = (check_in.codes(key, instant // 30_000 + shift) for shift in (0, 1))

    expect(code.locator("[data-code]")).to_have_text(first.typed)
    expect(code.locator("[data-left]")).to_have_text("22")
    page.clock.run_for(22_000)
    expect(code.locator("[data-code]")).to_have_text(second.typed)
    expect(code.locator("[data-left]")).to_have_text("30")
    assert read(code.locator(".qr")).endswith(f"/presence/{evening}/{second.scanned}")


def test_a_telephone_whose_clock_is_wrong_follows_the_server(
    page: Page, live_server: LiveServer, evening: UUID, show: Callable[[Page], Locator]
) -> None:
    page.clock.set_fixed_time(now() - timedelta(hours=1))
    code = show(page)
    with live_server.app.app_context():
        one = db.session.query(GroupSession).filter_by(public_id=evening).one()
        key, number = check_in.device_key(one), check_in.window(now())
    code.locator("summary").click()
    right = "|".join(check_in.codes(key, number + shift).typed.replace(" ", r"\s") for shift in (0, 1))

    expect(code.locator("[data-code]")).to_have_text(re.compile(f"^({right})$"))


def test_a_browser_that_cannot_compute_the_codes_is_led_to_the_server(
    page: Page, show: Callable[[Page], Locator]
) -> None:
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    code = show(page)
    code.locator("summary").click()
    code.get_by_role("link", name="Afficher le code").click()

    expect(page.locator("h1")).to_have_text("Émargement par QR")


def test_without_javascript_the_server_draws_it(
    chromium: Browser, live_server: LiveServer, evening: UUID, drawn_path: str
) -> None:
    context = chromium.new_context(java_script_enabled=False, color_scheme="dark", viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(live_server.url + drawn_path)

    address = read(page.locator(".qr"))
    page.goto(address)

    assert address.startswith(f"{live_server.url}/presence/{evening}/")
    expect(page.get_by_label("Prénom")).to_be_visible()
    context.close()


def test_every_page_of_it_is_readable_by_everyone(page: Page, live_server: LiveServer, drawn_path: str) -> None:
    page.goto(live_server.url + drawn_path)
    scanned = read(page.locator(".qr")).removeprefix(live_server.url)
    wrong = {}
    for path in ("/presence", scanned, scanned[:-1], "/presence/notee", "/presence/relevee", drawn_path):
        for size in (PHONE, SCREEN):
            for scheme in ("light", "dark"):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(live_server.url + path)
                faults = overflow(page), axe(page)
                if faults != (0, []):
                    wrong[path, size["width"], scheme] = faults

    assert wrong == {}
