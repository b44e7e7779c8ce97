"""From an installation with nothing in it, and from the demonstration, to the first public sign-up: ten minutes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cpts_sessions.installation import demonstration
from cpts_sessions.installation.starting_code import starting_code
from tests.browser import reading
from tests.browser.conftest import PHONE, SCREEN
from tests.browser.live import LiveServer, live
from tests.browser.moving import follow
from tests.processes import command, until, with_settings
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.browser

STEPS = "/coordination/premiers-pas"
NADIA = "nadia.roche@example.org"
#: Buttons pressed from the link of the server to the first open date, when everything is done but the members.
MOST_PRESSES = 16


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    """Where messages really arrive."""
    with SmtpSink(tmp_path) as server:
        yield server


@pytest.fixture
def server(sink: SmtpSink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """An installation with nothing in it."""
    sender = {"SMTP_URL": sink.url, "CPTS_MAIL_ADDRESS": "contact@trois-vallees.example.org"}
    with live("sqlite", tmp_path_factory.mktemp("first"), **sender) as served:
        yield served


class Walk:
    """A coordinator who presses one button after the other; each press counts, each page is looked at."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site, self.presses = page, site, 0

    def press(self, name: str, role: str = "button") -> None:
        """Press what has this name in the page itself."""
        self.presses += 1
        follow(self.page.get_by_role("main").get_by_role(role, name=name).first)  # type: ignore[arg-type]

    def is_at(self, path: str) -> None:
        """Expect a page; look at it on a phone and on a screen, then go on."""
        expect(self.page).to_have_url(re.compile(f"{re.escape(self.site + path)}(#.*)?$"))
        for size in (PHONE, SCREEN):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert reading.overflow(self.page) == 0, f"{path}: too wide at {size['width']}"
            assert reading.axe(self.page) == []

    def through_the_steps(self) -> None:
        """Do every step but the list of members, which is passed over."""
        page = self.page
        self.press("Commencer", "link")
        self.is_at(f"{STEPS}/nom")
        page.get_by_label("Commune").fill("Ambreville")
        self.press("Enregistrer et continuer")
        self.is_at(f"{STEPS}/boite")
        self.press("Envoyer un message d’essai")
        self.is_at(f"{STEPS}/boite")
        self.press("Je l’ai reçu")
        self.is_at(f"{STEPS}/logo")
        page.get_by_label("Couleur de la CPTS").fill("#7a1f5c")
        self.press("Voir l’effet")
        self.press("Garder cette couleur")
        self.press("Continuer")
        self.is_at(f"{STEPS}/dispositif")
        self.press("Continuer")
        self.is_at(f"{STEPS}/dates")
        self.press("Planifier des dates : GAPP", "link")
        page.get_by_label("Ou nombre de séances").fill("3")
        self.press("Voir les dates")
        page.get_by_text("Les ouvrir aux inscriptions maintenant").click()
        self.press("Créer ces séances")
        self.is_at(f"{STEPS}/dates")
        self.press("Continuer")
        self.is_at(f"{STEPS}/membres")
        self.press("Passer cette étape")
        self.is_at(f"{STEPS}/affiche")
        self.press("Terminer")
        self.is_at(STEPS)


def sign_up(page: Page, site: str) -> None:
    """Somebody who comes takes a place, from the agenda of everybody."""

    def is_announced() -> bool:
        page.goto(site)
        return page.locator("main .seance a").count() > 0

    until(is_announced, "the agenda to show the first date")
    follow(page.locator("main .seance a").first)
    follow(page.get_by_role("link", name=re.compile("Je m’inscris|M’inscrire")).first)
    page.locator("[name=prenom]").fill("Lou")
    page.locator("[name=nom]").fill("Passager")
    page.locator("[name=email]").fill("lou.passager@example.org")
    page.locator("[name=profession]").select_option("sage-femme")
    page.locator("[name=charte]").check()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est noté")


def test_from_nothing_to_the_first_sign_up(server: LiveServer, sink: SmtpSink, page: Page, phone: Page):
    told = command(
        "start",
        "CPTS des Trois Vallées",
        "--email",
        NADIA,
        "--name",
        "Nadia Roche",
        env=with_settings(server.environment),
    )
    link = re.search(r"http\S+/connexion/\S+", told)
    assert link is not None
    walk = Walk(page, server.url)

    page.goto(link.group())
    walk.press("Ouvrir ma page")
    walk.is_at(STEPS)
    walk.through_the_steps()

    expect(page.get_by_role("main")).to_contain_text("3 séances ouvertes")
    assert walk.presses <= MOST_PRESSES
    assert [mail.recipients for mail in sink.received] == [(NADIA,)]
    sign_up(phone, server.url)


def test_from_the_demonstration_to_the_first_sign_up_without_javascript(
    server: LiveServer, chromium: Browser, phone: Page
):
    with server.app.app_context():
        demonstration.load()
        code = starting_code()
        assert code is not None
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR", timezone_id="Europe/Paris")
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("link", name="Commencer avec ma CPTS").click()
    page.locator("[name=nom]").fill("CPTS des Trois Vallées")
    page.locator("[name=coordination]").fill("Nadia Roche")
    page.locator("[name=email]").fill(NADIA)
    page.locator("[name=code]").fill(code)
    page.get_by_role("main").get_by_role("button", name="Commencer avec ma CPTS").click()
    expect(page).to_have_url(f"{server.url}{STEPS}")

    for _ in range(4):  # nothing but dates
        follow(page.get_by_role("main").get_by_role("link", name=re.compile("Commencer|Reprendre")))
        follow(page.get_by_role("main").get_by_role("button", name="Passer cette étape"))
        page.goto(f"{server.url}/coordination/")
        follow(page.get_by_role("link", name="Reprendre où j’en étais"))
        page.goto(f"{server.url}{STEPS}")
    page.get_by_role("main").get_by_role("link", name="Reprendre où j’en étais").click()
    expect(page).to_have_url(f"{server.url}{STEPS}/dates")
    page.get_by_role("link", name="Planifier des dates : GAPP").click()
    page.get_by_label("Ou nombre de séances").fill("1")
    follow(page.get_by_role("button", name="Voir les dates"))
    page.get_by_text("Les ouvrir aux inscriptions maintenant").click()
    page.get_by_role("button", name="Créer ces séances").click()
    expect(page.get_by_role("main")).to_contain_text("1 séance est ouverte aux inscriptions.")
    context.close()
    with server.app.app_context():
        assert demonstration.find() is None
    sign_up(phone, server.url)
