"""The pages of visitors, professionals and animators in a real Chromium: readable by everyone, at any width."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import SessionAnimator
from tests.browser.conftest import PHONE, SCREEN
from tests.browser.live import LiveServer
from tests.browser.moving import enter, follow_by_keyboard
from tests.browser.reading import axe, overflow, watch
from tests.factories import (
    make_circles,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)

pytestmark = pytest.mark.browser

CHARTER = "Ce qui se dit ici reste ici.\nJ’écoute sans juger."
DESCRIPTION = (
    "Une situation vous travaille ?\n\nVenez la regarder avec d’autres métiers.\n\nPour qui : tous.\nCombien : rien."
)


@pytest.fixture(scope="module")
def paths(live_server: LiveServer) -> dict[str, str]:
    """A small season, and the address of each page to look at."""
    with live_server.app.app_context():
        return _season(live_server.url)


def _season(url: str) -> dict[str, str]:
    cpts = make_organisation(public_url=url, legal={"hebergeur": "Hébergeur du Val"}, postal_address="1 rue du Val")
    gapp = make_programme(cpts, charter=CHARTER, description=DESCRIPTION)
    circles = make_circles(cpts, charter=CHARTER, description=DESCRIPTION)
    start = now().replace(microsecond=0) + timedelta(days=5)
    nadia = make_person(cpts, first_name="Nadia", last_name="Ferhat", email="nadia@example.org")
    animator = make_person(cpts, first_name="Camille", last_name="Aubertin", email="camille@example.org")
    accounts.give(animator, RoleName.ANIMATOR)
    open_one = make_group_session(gapp, starts_at=start, capacity=12, place_access="sonnez à l’interphone")
    full = make_group_session(circles, starts_at=start + timedelta(days=2), capacity=1)
    cancelled = make_group_session(
        gapp, starts_at=start + timedelta(days=40), status="cancelled", cancel_reason="l’animatrice est souffrante"
    )
    past = make_group_session(gapp, starts_at=start - timedelta(days=20), status="held")
    make_group_session(gapp, starts_at=start + timedelta(days=9), is_discovery=True, capacity=30)
    make_group_session(
        gapp, starts_at=start + timedelta(days=12), place_name="", town="", video_url="https://visio.example.org"
    )
    enrolment = make_enrolment(gapp, nadia, season=open_one.season)
    seat = make_registration(open_one, nadia, stamp=now(), sequence=0, is_invited=True, enrolment_id=enrolment.id)
    make_registration(full, make_person(cpts))
    waiting = make_registration(full, nadia, "waiting")
    with transaction():
        db.session.add(SessionAnimator(organisation_id=cpts.id, group_session_id=open_one.id, person_id=animator.id))

    rows: dict[str, Any] = {"open": open_one, "full": full, "cancelled": cancelled, "past": past}
    rows |= {"circles": circles, "seat": seat, "waiting": waiting, "enrolment": enrolment}
    return _addresses(cpts, rows)


def _addresses(cpts: Organisation, rows: dict[str, Any]) -> dict[str, str]:
    """Where each page is."""

    def way_in(email: str) -> str:
        return accounts.links_for(cpts, email)[0].url.removeprefix(cpts.public_url)

    def link(purpose: Purpose, name: str) -> str:
        return f"/{purpose.value}/{links.token(purpose, rows[name].public_id)}"

    def session(name: str) -> str:
        return f"/seances/{rows[name].public_id}"

    return {
        "agenda": "/",
        "agenda, filtré sans rien": f"/?dispositif={rows['circles'].public_id}&places=1",
        "séance": session("open"),
        "séance complète": session("full"),
        "séance annulée": session("cancelled"),
        "séance passée": session("past"),
        "formulaire": session("open") + "/inscription",
        "données": "/donnees",
        "mentions": "/mentions-legales",
        "accessibilité": "/accessibilite",
        "mon inscription": link(Purpose.REGISTRATION, "seat"),
        "mon attente": link(Purpose.REGISTRATION, "waiting"),
        "pas moi": link(Purpose.REGISTRATION, "seat") + "/pas-moi",
        "mon suivi": link(Purpose.ENROLMENT, "enrolment"),
        "c’est fait": "/ce-n-est-pas-moi",
        "ma page": "/ma-page",
        "informations": "/ma-page/informations",
        "effacer": "/ma-page/effacer",
        "animation": "/animation/",
        "animation, séance": "/animation" + session("open"),
        "entrer, professionnelle": way_in("nadia@example.org"),
        "entrer, animatrice": way_in("camille@example.org"),
    }


FOR_ANYONE = (
    "agenda", "agenda, filtré sans rien", "séance", "séance complète", "séance annulée", "séance passée",
    "formulaire", "données", "mentions", "accessibilité", "mon inscription", "mon attente", "pas moi", "mon suivi",
    "c’est fait",
)  # fmt: skip
FOR_A_PROFESSIONAL = ("ma page", "informations", "effacer")
FOR_AN_ANIMATOR = ("animation", "animation, séance")


def look(page: Page, url: str) -> list[str]:
    """What is wrong with a page, at both widths and in both themes."""
    faults = []
    for size in (PHONE, SCREEN):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.emulate_media(color_scheme=scheme)
            answer = page.goto(url)
            if answer is None or answer.status != 200:
                return [f"{url} answers {answer and answer.status}"]
            faults += [f"{size['width']} {scheme}: {fault}" for fault in axe(page)]
            if wider := overflow(page):
                faults.append(f"{size['width']} {scheme}: wider by {wider} px")
    return faults


def test_every_public_page_is_readable_by_everyone(page: Page, live_server: LiveServer, paths: dict[str, str]) -> None:
    assert {name: look(page, live_server.url + paths[name]) for name in FOR_ANYONE} == {name: [] for name in FOR_ANYONE}


@pytest.mark.parametrize(
    ("way", "names"),
    [("entrer, professionnelle", FOR_A_PROFESSIONAL), ("entrer, animatrice", FOR_AN_ANIMATOR)],
)
def test_every_page_behind_a_sign_in_is_readable_by_everyone(
    page: Page, live_server: LiveServer, paths: dict[str, str], way: str, names: tuple[str, ...]
) -> None:
    enter(page, live_server.url + paths[way])

    assert {name: look(page, live_server.url + paths[name]) for name in names} == {name: [] for name in names}


def test_signing_up_on_a_phone_with_the_keyboard_alone(
    phone: Page, live_server: LiveServer, paths: dict[str, str]
) -> None:
    phone.goto(live_server.url + paths["séance"])
    phone.get_by_role("link", name="Je m’inscris").last.focus()
    follow_by_keyboard(phone)
    phone.get_by_label("Prénom").focus()
    for typed in ("Zoé", "Test", "zoe@example.org", "sage"):
        phone.keyboard.type(typed)
        phone.keyboard.press("Tab")
    chosen = phone.get_by_label("Profession").input_value()
    box = phone.get_by_label("J’ai lu la charte et je m’y engage")
    box.focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")

    expect(phone.get_by_role("heading", level=1)).to_have_text("C’est noté")
    expect(phone.get_by_text("zoe@example.org")).to_be_visible()
    assert chosen == "sage-femme"
    assert (axe(phone), overflow(phone)) == ([], 0)


def test_what_is_to_be_corrected_takes_the_focus_and_leads_to_its_field(
    phone: Page, live_server: LiveServer, paths: dict[str, str]
) -> None:
    phone.goto(live_server.url + paths["formulaire"])
    phone.get_by_label("Prénom").fill("Zoé")
    phone.get_by_role("main").get_by_role("button").click()

    expect(phone.get_by_role("alert")).to_be_focused()
    phone.get_by_role("alert").get_by_role("link", name="Indiquez votre nom.").click()
    expect(phone.get_by_label("Nom", exact=True)).to_be_focused()
    expect(phone.get_by_label("Prénom")).to_have_value("Zoé")
    assert (axe(phone), overflow(phone)) == ([], 0)


def test_a_seat_is_freed_from_ma_page_in_one_click(page: Page, live_server: LiveServer, paths: dict[str, str]) -> None:
    with live_server.app.app_context():
        cpts = db.session.execute(select(Organisation)).scalar_one()
        way = accounts.links_for(cpts, "nadia@example.org")[0].url
    enter(page, way)
    page.get_by_role("button", name="Libérer ma place").first.click()

    expect(page.get_by_role("status")).to_contain_text("Votre place est libérée.")


def test_the_agenda_cold_asks_for_little(page: Page, live_server: LiveServer, paths: dict[str, str]) -> None:
    page.goto(live_server.url + paths["agenda"], wait_until="networkidle")

    asked = watch(page.context).requests
    assert len(asked) == 8, asked
