"""A training on a phone, without JavaScript: from the agenda to the follow-up link, in one form for all its dates."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.programmes.starting_points import starting_point
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.browser.conftest import PHONE
from tests.browser.live import LiveServer
from tests.browser.reading import axe, overflow
from tests.factories import make_group_session, make_organisation, make_person, make_programme, make_registration

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def training(live_server: LiveServer) -> str:
    """A training of two dates, the second one full; the address of the first."""
    with live_server.app.app_context():
        organisation = make_organisation(public_url=live_server.url)
        plan = starting_point("formation", organisation)
        programme = make_programme(
            organisation,
            **{"slug": "vade-mecum", "name": "Vade Mecum", "session_title": "Vade Mecum", "action": None},
            **{"gender": "f", "singular": plan.singular, "plural": plan.plural, "goes_together": plan.goes_together},
            **{"description": plan.description, "charter": plan.charter},
        )
        start = (now() + timedelta(days=5)).replace(hour=18, minute=0, second=0, microsecond=0)
        if (start + timedelta(days=1)).year != start.year:  # both dates are of one season
            start += timedelta(days=1)
        first, second = (
            make_group_session(programme, starts_at=start + timedelta(days=n), capacity=capacity)
            for n, capacity in ((0, 8), (1, 1))
        )
        make_registration(second, make_person(organisation))
        address = f"{live_server.url}/seances/{first.public_id}"
    return address


def statuses(live_server: LiveServer) -> list[str]:
    with live_server.app.app_context():
        hers = db.session.query(Registration).filter_by(last_name="Ferhat").order_by(Registration.id)
        return [one.status for one in hers]


def follow_up(live_server: LiveServer) -> str:
    with live_server.app.app_context():
        enrolment = db.session.query(Enrolment).one()
        return f"{live_server.url}/mon-suivi/{links.token(Purpose.ENROLMENT, enrolment.public_id)}"


def test_without_javascript_one_form_asks_for_all_the_dates(chromium: Browser, live_server: LiveServer, training: str):
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(live_server.url)
    expect(page.get_by_text("2 dates qui vont ensemble").first).to_be_visible()
    page.get_by_role("link", name="Vade Mecum").first.click()
    expect(page).to_have_url(training)
    page.get_by_role("link", name="Je m’inscris", exact=True).click()
    for label, value in (("Prénom", "Nadia"), ("Nom", "Ferhat"), ("Adresse e-mail", "nadia@example.org")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Profession").select_option("sage-femme")
    page.get_by_label("J’ai lu la charte et je m’y engage").check()
    page.get_by_role("button", name="Je m’inscris aux 2 dates").click()
    expect(page.get_by_text("C’est noté pour toutes les dates : elles vont ensemble.")).to_be_visible()
    assert statuses(live_server) == ["confirmed", "waiting"]

    page.goto(follow_up(live_server))
    page.get_by_role("button", name="Libérer toutes mes dates").click()

    expect(page.get_by_role("button", name="Reprendre toutes mes dates")).to_be_visible()
    assert statuses(live_server) == ["cancelled", "cancelled"]
    context.close()


@pytest.mark.parametrize("path", ["", "/inscription"])
def test_every_screen_of_it_fits_a_phone_and_is_readable(phone: Page, training: str, path: str):
    phone.goto(f"{training}{path}")

    assert (axe(phone), overflow(phone)) == ([], 0)
