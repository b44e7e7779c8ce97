"""The whole life of a seat in a real browser, on a site installed behind an https proxy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.moving import follow
from tests.journeys.https_site import COORDINATOR, HttpsSite, https_site

pytestmark = pytest.mark.browser

LOU = "lou.passager@example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsSite]:
    """The site, shared by the stories of this module, which are told in order."""
    with https_site(tmp_path_factory.mktemp("https")) as served:
        yield served


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    """A visitor on a telephone, who accepts the certificate of the tests."""
    context = chromium.new_context(
        ignore_https_errors=True, viewport={"width": 360, "height": 740}, locale="fr-FR", timezone_id="Europe/Paris"
    )
    page = context.new_page()
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    """Press a button by its words, and wait for the page it leads to."""
    follow(page.get_by_role("button", name=name, exact=True))


def ask_a_link(page: Page, site: HttpsSite, email: str) -> None:
    """Ask for a sign-in link."""
    page.goto(f"{site.url}/connexion")
    page.get_by_label("Votre adresse e-mail").fill(email)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Regardez vos messages")


def sign_up(page: Page, site: HttpsSite) -> None:
    """Lou asks for a seat, from the agenda."""
    page.goto(site.url)
    follow(page.locator(f"a[href='{site.session_path}']:visible").first)
    follow(page.locator(f"a[href='{site.session_path}/inscription']:visible"))
    page.get_by_label("Prénom").fill("Lou")
    page.get_by_label("Nom", exact=True).fill("Passager")
    page.locator("[name=email]").fill(LOU)
    page.locator("[name=profession]").select_option("sage-femme")
    page.locator("[name=charte]").check()
    press(page, "Je m’inscris")
    page.wait_for_url("**/c-est-note")


def test_a_professional_signs_up_cancels_takes_back_signs_in_and_out(visitor: Page, site: HttpsSite):
    sign_up(visitor, site)
    visitor.goto(site.link_to(LOU, "mon-inscription"))
    press(visitor, "Libérer ma place")
    press(visitor, "Reprendre ma place")
    expect(visitor.get_by_role("button", name="Libérer ma place")).to_be_visible()

    ask_a_link(visitor, site, LOU)
    visitor.goto(site.link_to(LOU, "connexion"))
    press(visitor, "Ouvrir ma page")
    expect(visitor.locator("h1")).to_have_text("Bonjour Lou")
    cookies = [(one["name"], one["secure"], one["httpOnly"], one["sameSite"]) for one in visitor.context.cookies()]
    press(visitor, "Me déconnecter")
    visitor.wait_for_url("**/connexion")

    assert cookies == [("__Host-cpts", True, True, "Lax")]
    assert site.terminator.refused == []


def test_the_coordinator_signs_in_with_the_code_and_cancels_a_session(visitor: Page, site: HttpsSite):
    ask_a_link(visitor, site, COORDINATOR)
    visitor.get_by_label("Code à 6 chiffres").fill(site.code_for(COORDINATOR))
    press(visitor, "Entrer")
    visitor.wait_for_url("**/coordination/")

    visitor.goto(f"{site.url}/coordination{site.session_path}/annuler")
    visitor.locator("[name=motif]").first.check()
    press(visitor, "Annuler la séance et prévenir")
    expect(visitor.get_by_text("Cette séance est annulée.")).to_be_visible()
    follow(visitor.get_by_role("link", name="Rétablir la séance"))
    press(visitor, "Rétablir la séance")
    expect(visitor.get_by_role("link", name=re.compile("Inscrire une personne"))).to_be_visible()

    assert site.terminator.refused == []
