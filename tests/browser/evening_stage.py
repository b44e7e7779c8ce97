"""One evening, served: twelve persons expected, a telephone, and what a thumb does on its page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from cpts_sessions.accounts import services as sign_ins
from cpts_sessions.attendance.models import Attendance, AttendanceChange
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.extensions import db
from cpts_sessions.registrations import animation
from tests.browser.moving import enter
from tests.factories import make_coordinator, make_group_session, make_organisation, make_person, make_programme
from tests.factories import make_registration as register

EXPECTED = 12
READY = "Prête hors ligne."
SENT = "Tout est envoyé."


@dataclass(frozen=True)
class Evening:
    """One evening under way, served."""

    app: Any
    url: str
    group_session_id: int
    animator_id: int
    sign_in: str  # the link by which the coordination signs in


def begin(app: Any, site: str) -> Evening:
    """Twelve persons expected at a session that began half an hour ago, and the link of whoever animates it."""
    with app.app_context():
        organisation = make_organisation(public_url=site)
        programme = make_programme(organisation)
        one = make_group_session(programme, starts_at=now() - timedelta(minutes=30), capacity=EXPECTED)
        for number in range(EXPECTED):
            register(one, make_person(organisation, first_name="Élise", last_name=f"Personne{number:02}"))
        animator = make_person(organisation, first_name="Hélène", last_name="Roche")
        coordinator = make_coordinator(organisation)
        sign_in = sign_ins.links_for(organisation, coordinator.email or "")[0].url
        with transaction():
            animation.attach(one, animator)
        link = services.link_for(one.id, animator.id)
        return Evening(app, links.url(site, Purpose.EVENING, link.public_id), one.id, animator.id, sign_in)


def opened(context: BrowserContext, evening: Evening) -> Page:
    """The page, ready to work without network."""
    page = context.new_page()
    page.goto(evening.url)
    expect(line(page)).to_contain_text(READY)
    return page


def sign_in(context: BrowserContext, evening: Evening) -> None:
    """Sign in as the coordination: what becomes of it must not matter."""
    page = context.new_page()
    enter(page, evening.sign_in)


def line(page: Page) -> Any:
    return page.locator("[data-line]")


def mark(page: Page, number: int, words: str = "Présence") -> None:
    page.locator(".people li").nth(number).locator("label", has_text=words).click()


def add(page: Page, first_name: str, last_name: str) -> None:
    page.get_by_text("Ajouter une personne", exact=True).first.click()
    page.get_by_label("Prénom").fill(first_name)
    page.get_by_label("Nom", exact=True).fill(last_name)
    page.get_by_label("Profession", exact=True).select_option("sage-femme")
    page.get_by_role("button", name="Ajouter, présence relevée").click()


def mark_everybody_and_one_more(page: Page) -> None:
    for number in range(EXPECTED):
        mark(page, number)
    add(page, "Jean", "Klein")
    kept(page, EXPECTED + 1)


def kept(page: Page, changes: int) -> None:
    """Expect that many changes to wait on the device."""
    plural = "s" if changes > 1 else ""
    expect(line(page)).to_have_text(f"Hors ligne\u00a0: {changes}\u00a0changement{plural} à envoyer")


def rows(evening: Evening) -> tuple[list[int], int]:
    """How many attendances each person has; how many changes were kept."""
    with evening.app.app_context():
        db.session.remove()
        of_each = list(db.session.execute(select(func.count(Attendance.id)).group_by(Attendance.person_id)).scalars())
        changes = db.session.execute(select(func.count(AttendanceChange.id))).scalar_one()
        return of_each, changes


def marks(evening: Evening) -> list[str]:
    """What is noted, whoever it is of."""
    with evening.app.app_context():
        db.session.remove()
        return [row.status for row in db.session.query(Attendance)]


THIRTEEN_ONCE = ([1] * 13, 13)


def left_on(page: Page) -> Any:
    """What the device still holds: databases, caches, service workers."""
    return page.evaluate(
        """async () => [
            (await indexedDB.databases()).map((one) => one.name),
            await caches.keys(),
            (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
        ]"""
    )
