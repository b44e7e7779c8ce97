"""Every page says who may use it, refuses the others, and changes nothing when it is only read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Blueprint, Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.extensions import Base, db
from cpts_sessions.web.extensions import csrf
from cpts_sessions.web.guards import Audience, audience_of, guard, safe_path
from tests.page import PageFault, words
from tests.web.matrix import MATRIX
from tests.web.sites import another_site
from tests.web.world import browsers_of, make_world, url_of

#: Who is let in by each audience; the coordinator of another CPTS is a visitor here.
LET_IN = {
    Audience.PUBLIC: {"anonymous", "professional", "animator", "coordinator", "administrator", "foreign coordinator"},
    Audience.SIGNED_IN: {"professional", "animator", "coordinator", "administrator"},
    Audience.ANIMATOR: {"animator", "coordinator", "administrator"},
    Audience.COORDINATOR: {"coordinator", "administrator"},
    Audience.ADMINISTRATOR: {"administrator"},
}
VISITORS = {"anonymous", "foreign coordinator"}
#: Who asks for the head of every page too: one whom all let in, one whom most refuse.
HEADS = {"administrator", "anonymous"}
#: Answers of a page to whoever may open it; 410: a link that is over.
ANSWERS = {200, 302, 303, 304, 308, 410}
#: Pages that have nothing to show to one role although it is let in: (endpoint, role) -> status.
ANSWERS_OF_THEIR_OWN: dict[tuple[str, str], int] = {
    ("animator.calendar_file", "coordinator"): 404,  # she does not animate it: no invitation to keep
    ("animator.calendar_file", "administrator"): 404,
    ("coordinator.calls", "coordinator"): 404,  # nobody to call: the session is not cancelled
    ("coordinator.calls", "administrator"): 404,
    ("coordinator.refused_lines", "coordinator"): 404,  # no such file waits
    ("coordinator.refused_lines", "administrator"): 404,
    **{("demonstration.begin", role): 404 for role in LET_IN[Audience.PUBLIC]},  # this CPTS is no demonstration
    ("professional.attestation", "animator"): 404,  # the professional's
    ("professional.attestation", "coordinator"): 404,
    ("professional.attestation", "administrator"): 404,
}


def routes(app: Flask) -> dict[str, set[str]]:
    """The methods of each endpoint, without those that come by themselves."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return found


def test_every_route_declares_who_may_use_each_method(migrated_app: Flask) -> None:
    missing = []
    for endpoint, methods in sorted(routes(migrated_app).items()):
        audience = audience_of(migrated_app, endpoint)
        assert audience, f"guard the blueprint of {endpoint}: guard(Blueprint(…), Audience.…)"
        if endpoint not in MATRIX:
            missing.append(f'    "{endpoint}": ({audience.name}, "{" ".join(sorted(methods))}"),')
    assert not missing, "add to MATRIX in tests/web/matrix.py:\n" + "\n".join(missing)
    declared = {endpoint: set(methods.split()) for endpoint, (_, methods) in MATRIX.items()}
    assert declared == routes(migrated_app)


def test_every_blueprint_guards_the_audience_of_the_matrix(migrated_app: Flask) -> None:
    guarded = {endpoint: audience_of(migrated_app, endpoint) for endpoint in routes(migrated_app)}

    assert guarded == {endpoint: audience for endpoint, (audience, _) in MATRIX.items()}


def every_row() -> dict[str, list[tuple[Any, ...]]]:
    """The whole database, as a reader of its file would see it."""
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


def test_reading_any_page_by_any_role_changes_no_row_and_refuses_whom_it_must(app: Flask, clock: object) -> None:
    world = make_world()
    browsers = browsers_of(app, world)
    db.session.remove()
    before = every_row()
    wrong = []
    for rule in app.url_map.iter_rules():
        url = url_of(rule, world.samples)
        for role, browser in browsers.items():
            wrong += [f"{method} {url} by {role}: {fault}" for method, fault in faults_of(rule, url, role, browser)]
        assert every_row() == before, f"reading {url} ({rule.endpoint}) changed the database"
    assert not wrong, "\n".join(wrong)


def faults_of(rule: Rule, url: str, role: str, browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """What is wrong with the answers of one page to one role, method by method."""
    if rule.endpoint not in MATRIX:
        return  # another test says so
    for method in ("GET", "HEAD") if role in HEADS else ("GET",):
        try:
            answer = browser.open(url, method=method)
        except PageFault as fault:
            yield method, str(fault)
            continue
        if "GET" in (rule.methods or ()):
            right = is_right(rule.endpoint, role, MATRIX[rule.endpoint][0], answer)
        else:
            right = answer.status_code == 405
        if not right:
            yield method, f"{answer.status} {answer.location or ''}"


def is_right(endpoint: str, role: str, audience: Audience, answer: Any) -> bool:
    """Whether a role gets what it must: the page, the way to sign in, or nothing at all."""
    if role in LET_IN[audience]:
        own = ANSWERS_OF_THEIR_OWN.get((endpoint, role))
        to_sign_in = (answer.location or "").startswith("/connexion?suite=")
        return bool(answer.status_code == own if own else answer.status_code in ANSWERS and not to_sign_in)
    if role in VISITORS:
        return bool(answer.status_code == 303 and answer.location.startswith("/connexion?suite="))
    return bool(answer.status_code == 404)


AUDIENCES = list(Audience)


def here() -> Response:
    return Response("ici", mimetype="text/plain")


@pytest.fixture
def site_of_rooms(app: Flask) -> Iterator[Flask]:
    """Another application on the same database, with one page for each audience, and one that nobody declared."""
    with another_site(app) as site:
        for audience in AUDIENCES:
            room = Blueprint(f"room_{audience.value}", __name__)
            room.add_url_rule(f"/essai/{audience.value}", "page", here, methods=["GET", "POST"])
            csrf.exempt(room)
            site.register_blueprint(guard(room, audience))
        site.add_url_rule("/essai/oubli", "forgotten", here)
        yield site


def test_each_audience_lets_in_those_it_is_for_and_nobody_else(site_of_rooms: Flask, clock: object) -> None:
    browsers = browsers_of(site_of_rooms, make_world())

    let_in = {
        audience: {role for role, browser in browsers.items() if browser.get(f"/essai/{audience.value}").data == b"ici"}
        for audience in AUDIENCES
    }

    assert let_in == LET_IN


def test_who_is_refused_learns_nothing_and_a_visitor_is_sent_to_sign_in(site_of_rooms: Flask, clock: object) -> None:
    browsers = browsers_of(site_of_rooms, make_world())

    nothing = [browsers["professional"].open("/essai/coordinator", method=method) for method in ("GET", "POST")]
    visitor = browsers["anonymous"].get("/essai/coordinator?page=2")
    sender = browsers["anonymous"].post("/essai/coordinator")

    assert [answer.status_code for answer in nothing] == [404, 404]
    assert nothing[0].get_data() == browsers["professional"].get("/essai/rien").get_data()
    assert (visitor.status_code, visitor.location) == (303, "/connexion?suite=/essai/coordinator?page%3D2")
    assert (sender.status_code, sender.location) == (303, "/connexion")


def test_a_page_that_nobody_declared_is_nobodys(site_of_rooms: Flask, clock: object) -> None:
    browsers = browsers_of(site_of_rooms, make_world())

    assert {browser.get("/essai/oubli").status_code for browser in browsers.values()} == {404}


@pytest.mark.parametrize(
    ("role", "room", "limit", "delay"),
    [
        ("professional", "signed_in", timedelta(days=30), "30 jours"),
        ("coordinator", "coordinator", timedelta(hours=12), "12 heures"),
    ],
)
def test_a_sign_in_closes_after_its_time_without_activity(
    site_of_rooms: Flask, clock: time_machine.Traveller, role: str, room: str, limit: timedelta, delay: str
) -> None:
    browser = browsers_of(site_of_rooms, make_world())[role]
    path = f"/essai/{room}"

    for _ in range(3):  # used now and then, it stays open beyond the limit
        clock.shift(limit - timedelta(minutes=2))
        assert browser.get(path).data == b"ici"
    clock.shift(limit + timedelta(seconds=1))
    closed = browser.get(path)

    assert (closed.status_code, closed.location) == (303, f"/connexion?suite={path}")
    said = words(browser.get("/connexion").get_data(as_text=True))
    assert f"Votre connexion s'est fermée après {delay} sans activité." in said


def test_activity_is_noted_in_the_cookie_once_a_minute_at_most(
    site_of_rooms: Flask, clock: time_machine.Traveller
) -> None:
    browser = browsers_of(site_of_rooms, make_world())["coordinator"]
    set_cookies = []
    for seconds in (0, 30, 29, 1, 59, 1):
        clock.shift(timedelta(seconds=seconds))
        set_cookies.append("Set-Cookie" in browser.get("/essai/coordinator").headers)

    assert set_cookies == [False, False, False, True, False, True]


def test_a_role_taken_back_closes_the_room_at_once(site_of_rooms: Flask, clock: object) -> None:
    world = make_world()
    browser = browsers_of(site_of_rooms, world)["coordinator"]

    services.revoke(world.persons["coordinator"], RoleName.COORDINATOR)

    assert browser.get("/essai/coordinator").status_code == 303


def test_a_page_that_caches_may_keep_is_the_same_for_everyone(app: Flask, clock: object) -> None:
    world = make_world()
    browsers = browsers_of(app, world)
    kept = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or audience_of(app, rule.endpoint) is not Audience.PUBLIC:
            continue
        answers = [browser.get(url_of(rule, world.samples)) for browser in browsers.values()]
        if answers[0].status_code == 200 and "no-store" not in answers[0].headers.get("Cache-Control", ""):
            kept.append(rule.endpoint)
            assert [answer.get_data() for answer in answers] == [answers[0].get_data()] * len(answers), rule.endpoint
            assert [answer.headers.get("Set-Cookie") for answer in answers] == [None] * len(answers), rule.endpoint
            assert "csrf_token" not in answers[0].get_data(as_text=True), rule.endpoint
    assert "public.agenda" in kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/ma-page", "/ma-page"),
        ("/coordination/messages?page=2", "/coordination/messages?page=2"),
        ("", None),
        (None, None),
        ("ma-page", None),
        ("//evil.example.org", None),
        ("/\\evil.example.org", None),
        ("/\tmp", None),
        ("https://evil.example.org", None),
    ],
)
def test_a_path_to_come_back_to_stays_within_the_site(path: str | None, kept: str | None) -> None:
    assert safe_path(path) == kept
