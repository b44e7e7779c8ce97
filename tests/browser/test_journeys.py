"""A season as three persons live it, each in her own browser: who coordinates, who comes, who animates."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cpts_sessions.accounts import services as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.clock import today
from cpts_sessions.core.french import short_day
from cpts_sessions.extensions import db
from cpts_sessions.installation.founding import found
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import GroupSession
from tests.browser import reading
from tests.browser.conftest import PHONE, SCREEN
from tests.browser.live import LiveServer
from tests.browser.moving import follow
from tests.factories import make_person

pytestmark = pytest.mark.browser

COORDINATOR, ANIMATOR, LOU = "eva.martin@example.org", "camille.aubertin@example.org", "lou.passager@example.org"


@pytest.fixture(scope="module")
def cpts(live_server: LiveServer) -> LiveServer:
    """A CPTS that has just started, with somebody who can animate."""
    with live_server.app.app_context():
        organisation = found("CPTS du Val d’Ambre", COORDINATOR, coordinator="Eva Martin").organisation
        animator = make_person(organisation, email=ANIMATOR, first_name="Camille", last_name="Aubertin")
        accounts.give(animator, RoleName.ANIMATOR)
    return live_server


@pytest.fixture
def laptop(chromium: Browser) -> Iterator[Page]:
    """Who coordinates."""
    yield from _browser(chromium, SCREEN)


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Page]:
    """Who comes."""
    yield from _browser(chromium, PHONE)


@pytest.fixture
def other_telephone(chromium: Browser) -> Iterator[Page]:
    """Who animates."""
    yield from _browser(chromium, PHONE)


def _browser(chromium: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="fr-FR", reduced_motion="reduce"
    )
    page = context.new_page()
    yield page
    context.close()


def read(page: Page) -> None:
    """Hold the page as it stands to what every page promises."""
    assert (reading.axe(page), reading.overflow(page)) == ([], 0)


def press(page: Page, name: str) -> None:
    """Read the page, then press one of its buttons, which leads to another."""
    read(page)
    follow(page.get_by_role("button", name=name, exact=True))


def enter(page: Page, cpts: LiveServer, email: str) -> None:
    """Sign in by a link made on the server."""
    with cpts.app.app_context():
        organisation = db.session.execute(select(Organisation)).scalar_one()
        url = accounts.links_for(organisation, email)[0].url
    page.goto(url)
    press(page, "Ouvrir ma page")


def plain(words: str) -> str:
    """Words, their spaces made plain."""
    return " ".join(words.split())


def subject(message: str) -> str:
    """Its subject."""
    found_line = re.search("^Subject: (.*)$", message, re.MULTILINE)
    assert found_line
    return found_line.group(1)


def plan_a_series(page: Page, cpts: LiveServer, days: list[date]) -> str:
    """Prepare two GAPP from a list of dates; return the path of the first."""
    page.goto(f"{cpts.url}/coordination/seances/serie")
    page.get_by_label("Dispositif").select_option("GAPP")
    page.get_by_role("radio", name="Une liste").check()
    page.get_by_label("Liste de dates").fill("\n".join(day.strftime("%d/%m/%Y") for day in days))
    press(page, "Voir les dates")
    for box in page.locator("input[name=dates]").all():
        box.check()  # be they holidays
    press(page, "Créer ces séances")
    expect(page.get_by_text("2 séances créées.")).to_be_visible()
    with cpts.app.app_context():
        statement = select(GroupSession.public_id).order_by(GroupSession.starts_at).limit(1)
        return f"/seances/{db.session.execute(statement).scalar_one()}"


def open_with_animator(page: Page, cpts: LiveServer, path: str) -> None:
    """Give a session to Camille, then open it."""
    page.goto(f"{cpts.url}/coordination{path}/animation")
    page.get_by_label("Camille Aubertin").check()
    press(page, "Enregistrer")
    press(page, "Ouvrir aux inscriptions")
    expect(page.get_by_role("link", name="Inscrire une personne")).to_be_visible()


def sign_up(page: Page, cpts: LiveServer, path: str) -> None:
    """Lou asks for a seat, then opens the link she received."""
    page.goto(f"{cpts.url}{path}/inscription")
    page.get_by_label("Prénom").fill("Lou")
    page.get_by_label("Nom", exact=True).fill("Passager")
    page.locator("[name=email]").fill(LOU)
    page.locator("[name=profession]").select_option("sage-femme")
    page.locator("[name=charte]").check()
    press(page, "Je m’inscris")
    page.wait_for_url("**/c-est-note")
    read(page)
    link = re.search(rf"{re.escape(cpts.url)}/mon-inscription/[\w-]+", cpts.message_to(LOU))
    assert link
    page.goto(link.group())
    expect(page.get_by_role("button", name="Libérer ma place")).to_be_visible()
    read(page)


def move(page: Page, cpts: LiveServer, path: str, to: date) -> None:
    """Move a session to another day, after the screen that says who will be told."""
    page.goto(f"{cpts.url}/coordination{path}/modifier")
    page.get_by_label("Jour").fill(to.isoformat())
    press(page, "Enregistrer")
    expect(page.locator("h1")).to_contain_text("Déplacer la séance")
    press(page, "Déplacer et prévenir")
    expect(page.get_by_text("messages partent")).to_be_visible()


def cancel(page: Page, cpts: LiveServer, path: str) -> None:
    """Cancel a session."""
    page.goto(f"{cpts.url}/coordination{path}/annuler")
    page.locator("[name=motif]").first.check()
    press(page, "Annuler la séance et prévenir")
    expect(page.get_by_text("Cette séance est annulée.")).to_be_visible()


def test_a_session_is_planned_asked_for_moved_animated_and_cancelled(
    laptop: Page, telephone: Page, other_telephone: Page, cpts: LiveServer
):
    first, second, instead = (today() + timedelta(days=count) for count in (20, 34, 21))
    enter(laptop, cpts, COORDINATOR)
    path = plan_a_series(laptop, cpts, [first, second])
    open_with_animator(laptop, cpts, path)
    sign_up(telephone, cpts, path)

    move(laptop, cpts, path, instead)
    assert plain(short_day(instead)) in plain(cpts.message_to(LOU))
    telephone.reload()
    expect(telephone.locator(".lead").first).to_contain_text(short_day(instead))

    enter(other_telephone, cpts, ANIMATOR)
    other_telephone.goto(f"{cpts.url}/animation{path}")
    expect(other_telephone.locator(".people h3")).to_have_text(["Lou Passager"])
    assert LOU not in other_telephone.content()
    read(other_telephone)

    cancel(laptop, cpts, path)
    assert "annulée" in subject(cpts.message_to(LOU))
    telephone.reload()
    expect(telephone.get_by_text("Annulée", exact=True)).to_be_visible()
    read(telephone)
