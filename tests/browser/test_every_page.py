"""Every page that each role can reach in the demonstration, at 360 and 1280 pixels, light and dark."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page
from sqlalchemy import select

from cpts_sessions.accounts import queries as accounts
from cpts_sessions.accounts import services as sign_ins
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.attendance.models import Attestation
from cpts_sessions.core import links
from cpts_sessions.core.clock import now
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening.services import link_for
from cpts_sessions.extensions import db
from cpts_sessions.installation import demonstration
from cpts_sessions.mail.models import WorkerBeat
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from cpts_sessions.questionnaires.models import QuestionnaireLink
from cpts_sessions.registrations import feed_address
from cpts_sessions.registrations.models import Enrolment, Registration
from cpts_sessions.reports.services import freeze
from cpts_sessions.web.guards import Audience, audience_of
from tests.browser import polls_and_alerts, reading
from tests.browser.conftest import PHONE, SCREEN
from tests.browser.crawling import Found, crawl, of_each_look
from tests.browser.live import LiveServer
from tests.browser.moving import enter, follow

pytestmark = pytest.mark.browser

#: Whose pages each role is answerable for.
AUDIENCES = {
    "anonymous": Audience.PUBLIC,
    "participant": Audience.SIGNED_IN,
    "animator": Audience.ANIMATOR,
    "coordinator": Audience.COORDINATOR,
    "administrator": Audience.ADMINISTRATOR,
}
ROLE_NAMES: dict[str, RoleName | None] = {
    "participant": None,
    "animator": RoleName.ANIMATOR,
    "coordinator": RoleName.COORDINATOR,
    "administrator": RoleName.ADMINISTRATOR,
}
#: A page; or that a personal link has served its time.
EXPECTED = (200, 410)
#: The logo, which the demonstration has not; what a day brings (tests/browser/test_cards.py, tests/web/test_boxes.py).
WITHOUT_EXAMPLE = {"public.logo", "coordinator.open_box", "cards.fill"}
#: A message as its reader sees it, inside the page that frames it: the tests of messages read it.
FRAMED = {"coordinator.message_preview"}


@dataclass(frozen=True)
class Demonstration:
    """The demonstration, served."""

    server: LiveServer
    personal_paths: list[str]
    session_ids: list[UUID]  # of one session of each kind
    discovery_id: UUID  # of the open séance de découverte
    to_close_id: UUID  # of the session that is over and not closed


@pytest.fixture(scope="module")
def shown(live_server: LiveServer) -> Demonstration:
    """The demonstration, with the personal links of every kind of row."""
    with live_server.app.app_context():
        demonstration.load()
        organisation = db.session.execute(select(Organisation)).scalar_one()
        freeze(organisation.id, now().year, actor_id=0)
        is_open = (GroupSession.is_discovery, GroupSession.status == "open")
        discovery_id = db.session.execute(select(GroupSession.public_id).where(*is_open)).scalar_one()
        is_to_close = (GroupSession.status == "open", GroupSession.ends_at < now())
        to_close_id = db.session.execute(select(GroupSession.public_id).where(*is_to_close)).scalar_one()
        paths = [
            *_personal_paths(),
            *_feed_paths(organisation),
            *_questionnaire_paths(),
            *_evening_paths(to_close_id),
            *_codes_to_verify(),
            *polls_and_alerts.link_paths(organisation),
        ]
        polls_and_alerts.ask_for_a_season(organisation)
        polls_and_alerts.invite_a_successor(organisation)
        return Demonstration(live_server, paths, _session_ids(), discovery_id, to_close_id)


def _way_in(shown: Demonstration, role: str) -> str:
    with shown.server.app.app_context():
        organisation = db.session.execute(select(Organisation)).scalar_one()
        person = accounts.invented_person(organisation.id, ROLE_NAMES[role])
        assert person is not None
        return sign_ins.links_for(organisation, person.email or "")[0].url


def _personal_paths() -> Iterator[str]:
    """Give the link of one registration of each status and kind of session, and of one enrolment of each state."""
    rows = db.session.execute(select(Registration, GroupSession).join(GroupSession)).all()
    kinds = {(row.status, of.status, of.programme_id): row for row, of in rows if of.season != 2025}
    for row in kinds.values():
        yield f"/{Purpose.REGISTRATION.value}/{links.token(Purpose.REGISTRATION, row.public_id)}"
    enrolments = db.session.execute(select(Enrolment)).scalars()
    states = {(one.left_at is None, one.programme_id): one for one in enrolments if one.season != 2025}
    for one in states.values():
        yield f"/{Purpose.ENROLMENT.value}/{links.token(Purpose.ENROLMENT, one.public_id)}"


def _feed_paths(organisation: Organisation) -> Iterator[str]:
    """Give the secret address of somebody's own agenda."""
    person = accounts.invented_person(organisation.id, None)
    assert person is not None
    feed_address.renew(person)
    feed = feed_address.feed_of(person.id)
    assert feed is not None
    yield feed_address.address("", feed)


def _codes_to_verify() -> Iterator[str]:
    """Give where the code of an attestation leads: it is on paper only."""
    yield f"/verifier/{db.session.execute(select(Attestation.code).limit(1)).scalar_one()}"


def _evening_paths(public_id: UUID) -> Iterator[str]:
    """Give what the evening link of a session opens, and the code of the room drawn by the server."""
    group_session = db.session.execute(select(GroupSession).where(GroupSession.public_id == public_id)).scalar_one()
    with transaction():
        link = link_for(group_session.id, group_session.animators[0].person_id)
    path = f"/{Purpose.EVENING.value}/{links.token(Purpose.EVENING, link.public_id)}"
    yield from (path, *(f"{path}/{end}" for end in ("", "qr", "etat", "sw.js", "application.webmanifest")))


def _questionnaire_paths() -> Iterator[str]:
    """Give the link of one person to each questionnaire that is asked, and the page after it."""
    asked = {one.box_id: one for one in db.session.execute(select(QuestionnaireLink)).scalars()}
    for one in asked.values():
        yield f"/{Purpose.QUESTIONNAIRE.value}/{links.token(Purpose.QUESTIONNAIRE, one.public_id)}"
    yield from ("/questionnaire/merci", "/carte/merci/arrivee", "/carte/merci/depart")


def _session_ids() -> list[UUID]:
    sessions = db.session.execute(select(GroupSession).order_by(GroupSession.starts_at)).scalars()
    kinds = {(one.programme_id, one.status, one.closed_at is None, one.starts_at > now()): one for one in sessions}
    return [one.public_id for one in kinds.values()]


def visit(chromium: Browser, shown: Demonstration, role: str) -> tuple[BrowserContext, list[str]]:
    """Return a browser of this role, and the paths from which it explores the site; the worker has just run."""
    with shown.server.app.app_context(), transaction():
        db.session.merge(WorkerBeat(id=1, at=now()))
    context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
    reading.watch(context)
    page = context.new_page()
    if role == "anonymous":
        return context, ["/", *_leave_traces(page, shown), *shown.personal_paths]
    enter(page, _way_in(shown, role))
    starts = [page.url.removeprefix(shown.server.url)]
    if role == "coordinator":
        starts += [f"/coordination/seances/{one}" for one in shown.session_ids]
        starts += [_search(page, shown), _try_an_import(page, shown), _import_members(page, shown)]
        starts += [f"/coordination/chercher?q={words}" for words in ("vautrin", "mars", "personne-de-ce-nom")]
        to_close = f"/coordination/seances/{shown.to_close_id}"  # screens that only a button leads to
        starts += [f"{to_close}/presences/sur-place", f"{to_close}/clore", "/coordination/seances/ouvrir"]
    return context, starts


def _search(page: Page, shown: Demonstration) -> str:
    """Look for somebody to sign up, and return the path of what was found."""
    page.goto(f"{shown.server.url}/coordination/seances/{shown.discovery_id}/inscrire")
    page.locator("main input[type=search], main input[type=text]").first.fill("Vautrin")
    follow(page.locator("main form button[type=submit]").first)
    return page.url.removeprefix(shown.server.url)


def _try_an_import(page: Page, shown: Demonstration) -> str:
    """Try a file out, one line good and one refused, and return the path of what would happen."""
    page.goto(f"{shown.server.url}/coordination/import")
    lines = "prenom;nom;email;profession\nAnna;Roth;anna.roth@example.org;sage-femme\nLuc;;luc@example.org;dompteur\n"
    file: FilePayload = {"name": "personnes.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    page.locator("input[type=file]").set_input_files(file)
    follow(page.locator("main form button[type=submit]").first)
    return page.url.removeprefix(shown.server.url)


def _import_members(page: Page, shown: Demonstration) -> str:
    """Import a list of members that names one, and return the path where the others are."""
    page.goto(f"{shown.server.url}/coordination/import")
    lines = "prenom;nom;email;profession;membre\nAnna;Roth;anna.roth@example.org;sage-femme;oui\n"
    file: FilePayload = {"name": "membres.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    page.locator("input[type=file]").set_input_files(file)
    for _ in ("try it out", "import it"):
        follow(page.locator("main form button[type=submit]").first)
    return page.url.removeprefix(shown.server.url)


def _leave_traces(page: Page, shown: Demonstration) -> list[str]:
    """Ask for a seat and for a sign-in link, and return the paths one sees only after that, or in a message."""
    page.goto(f"{shown.server.url}/seances/{shown.discovery_id}/inscription")
    fill_sign_up(page)
    follow(page.locator("main form button[type=submit]"))
    noted = page.url.removeprefix(shown.server.url)
    page.goto(f"{shown.server.url}/connexion")
    page.locator("[name=email]").fill("lou.passager@example.org")
    follow(page.locator("main form button[type=submit]"))
    files = [f"{path}{end}" for path in shown.personal_paths[:1] for end in ("/pas-moi", "/seance.ics")]
    follow_ups = [f"{path}/pas-moi" for path in shown.personal_paths if path.startswith("/mon-suivi")][:1]
    link = _way_in(shown, "participant").removeprefix(shown.server.url)
    known = ["/healthz", "/bloc", "/bloc.js", "/robots.txt", "/sitemap.xml", "/marque.css", "/ce-n-est-pas-moi", link]
    known += ["/presence", "/presence/notee", "/presence/relevee", f"/presence/{shown.discovery_id}/{'a' * 16}"]
    known += [page.url.removeprefix(shown.server.url), polls_and_alerts.ask_for_dates(page, shown.server.url)]
    return [noted, *files, *follow_ups, *known]


def fill_sign_up(page: Page) -> None:
    """Fill the form of a sign-up, all but the optional fields."""
    page.locator("[name=prenom]").fill("Lou")
    page.locator("[name=nom]").fill("Passager")
    page.locator("[name=email]").fill("lou.passager@example.org")
    page.locator("[name=profession]").select_option("sage-femme")
    page.locator("[name=charte]").check()


def faults_of(page: Page, url: str) -> Iterator[str]:
    """Look at a page on a phone and on a screen, light and dark; give what is wrong with it."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    answer = page.goto(url)
    assert answer is not None
    headings = page.locator("h1").count()
    if headings != 1:
        yield f"has {headings} h1"
    yield from _faults_as_shown(page, "360 px, light")
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    yield from _faults_as_shown(page, "1280 px, dark")


def _faults_as_shown(page: Page, how: str) -> Iterator[str]:
    if reading.overflow(page):
        yield f"is {reading.overflow(page)} px too wide ({how})"
    yield from (f"{violation} ({how})" for violation in reading.axe(page))


def missing(app_shown: Demonstration, role: str, found: Iterable[Found]) -> list[str]:
    """Return the routes this role may GET and that no link led to."""
    app = app_shown.server.app
    theirs = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and audience_of(app, rule.endpoint) is AUDIENCES[role]
    }
    return sorted(theirs - {one.endpoint for one in found} - WITHOUT_EXAMPLE)


def faults_of_role(chromium: Browser, shown: Demonstration, role: str) -> Iterator[str]:
    """Explore the site as a role; give its dead links, the pages nothing leads to, and what is wrong with the others.

    Every link is tried; only the pages meant for this role are looked at, each kind once.
    """
    context, starts = visit(chromium, shown, role)
    app, site, page = shown.server.app, shown.server.url, context.pages[0]
    errors = reading.watch(context).complaints
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    found = crawl(context, app, site, starts)
    yield from (f"nothing leads to {endpoint}" for endpoint in missing(shown, role, found))
    yield from (f"{one.path} answers {one.status}" for one in found if one.status not in EXPECTED)
    own = [one for one in found if audience_of(app, one.endpoint) is AUDIENCES[role] and one.status == 200]
    for one in of_each_look(one for one in own if one.endpoint not in FRAMED):
        yield from (f"{one.endpoint} {one.path}: {fault}" for fault in faults_of(page, f"{site}{one.path}"))
    yield from (f"asks another site: {url}" for url in reading.no_third_party(page))
    yield from dict.fromkeys(errors)
    context.close()
    reading.forget(context)


@pytest.mark.parametrize("role", AUDIENCES)
def test_every_page_of_a_role_can_be_reached_read_and_used(chromium: Browser, shown: Demonstration, role: str):
    faults = list(faults_of_role(chromium, shown, role))

    assert faults == [], "\n".join(faults)


def test_the_person_of_every_role_is_invented(shown: Demonstration):
    with shown.server.app.app_context():
        emails = db.session.execute(select(Person.email).where(Person.email.is_not(None))).scalars()

        assert [email for email in emails if not str(email).endswith("@example.org")] == []
