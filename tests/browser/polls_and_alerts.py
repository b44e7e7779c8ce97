"""What only a message or a wish leads to: the link of a poll, « Prévenez-moi », a season asked for, a successor."""

from collections.abc import Iterator
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.extensions import db
from cpts_sessions.installation.handing_over import Handover, hand_over
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.services import Told
from cpts_sessions.polls import services as polls
from cpts_sessions.polls.models import PollInvitation
from cpts_sessions.polls.queries import Circle
from cpts_sessions.programmes.models import Audience, Programme
from cpts_sessions.registrations import alerts, enrolments
from tests.browser.moving import follow


def link_paths(organisation: Organisation) -> Iterator[str]:
    """Propose a date to everybody, ask for the next ones in somebody's name, and give both links."""
    programme = db.session.execute(select(Programme).order_by(Programme.id).limit(1)).scalar_one()
    coordinator = accounts.invented_person(organisation.id, RoleName.COORDINATOR)
    assert coordinator is not None
    plan = polls.PollPlan(
        slots=[(now() + timedelta(days=30), None)], deadline_at=now() + timedelta(days=9), circles=list(Circle)
    )
    poll = polls.send(programme.id, plan, actor_id=coordinator.id)
    invitation = db.session.execute(select(PollInvitation).where(PollInvitation.poll_id == poll.id)).scalars().first()
    assert invitation is not None
    yield f"/{Purpose.POLL.value}/{links.token(Purpose.POLL, invitation.public_id)}"
    alerts.ask(programme.id, Told.of(coordinator))
    (alert,) = alerts.of_person(coordinator.id)
    yield f"/{Purpose.ALERT.value}/{links.token(Purpose.ALERT, alert.public_id)}"
    yield "/annonces-arretees"


def ask_for_dates(page: Page, site: str) -> str:
    """Ask to be told of the next dates, and return the path of the page that answers."""
    page.goto(f"{site}/prevenez-moi")
    for name, words in (("prenom", "Lou"), ("nom", "Passager"), ("email", "lou.passager@example.org")):
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=profession]").select_option("sage-femme")
    follow(page.locator("main form button[type=submit]"))
    return page.url.removeprefix(site)


def ask_for_a_season(organisation: Organisation) -> None:
    """Somebody who is no member asks for a season of a programme for members, which has no date yet."""
    for_members = Programme.organisation_id == organisation.id, Programme.audience == Audience.MEMBERS
    programme = db.session.execute(select(Programme).where(*for_members).limit(1)).scalar_one()
    who = Told(first_name="Noa", last_name="Saison", email="noa.saison@example.org", profession_slug="sage-femme")
    enrolments.enrol(programme.id, now().year + 2, who)


def invite_a_successor(organisation: Organisation) -> None:
    """The coordination is handed over to somebody who has not come in yet."""
    coordinator = accounts.invented_person(organisation.id, RoleName.COORDINATOR)
    assert coordinator is not None
    plan = Handover(email="nadia.roche@example.org", name="Nadia Roche", administers=False, last_day=None)
    hand_over(organisation, coordinator, plan)
