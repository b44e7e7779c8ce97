"""The page of an evening behind its link: forms without JavaScript, what its device is told, what it never shows."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from cpts_sessions.attendance.models import Attendance, AttendanceTally
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import animation
from cpts_sessions.registrations.models import Registration
from cpts_sessions.web.assets import STATIC, gzip_once
from tests.browsing import sign_in
from tests.conftest import NOW
from tests.factories import make_circles, make_group_session, make_person, make_registration
from tests.page import words
from tests.web.coordination import after, sessions, stored, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import fields_of, send

CLOSED = "Cette séance est close depuis le lundi 2 novembre. Pour corriger, demandez à la coordination de la rouvrir."


@pytest.fixture
def link(programme):
    """The link of whoever animates a session that began an hour ago."""
    return link_to(programme)


def link_to(programme, **changes):
    one = make_group_session(programme, **{"starts_at": NOW - timedelta(hours=1), **changes})
    person = make_person(one.organisation, first_name="Hélène", last_name="Roche")
    with transaction():
        animation.attach(one, person)
    return services.link_for(one.id, person.id)


def path_of(link, end: str = "") -> str:
    return f"/soiree/{links.token(Purpose.EVENING, link.public_id)}/{end}"


def expected(link, **changes) -> Registration:
    return make_registration(link.group_session, make_person(link.group_session.organisation, **changes))


def choice(registration: Registration) -> str:
    return f"presence_{registration.public_id.hex}"


def noted() -> list[tuple[str, str]]:
    return [(row.status, row.means) for row in stored(Attendance).order_by(Attendance.id)]


def sent(browser, link, *changes):
    body = {"device": str(uuid4()), "now": NOW.timestamp() * 1000, "changes": list(changes)}
    return browser.post(path_of(link, "changements"), json=body)


def a_mark(registration, mark="present", **more):
    at = NOW.timestamp() * 1000
    return {"key": str(uuid4()), "kind": "mark", "at": at, "person": str(registration.public_id), "mark": mark, **more}


def test_an_evening_without_javascript_from_the_list_to_the_closing(browser, link, clock):
    nadia, yann = expected(link, first_name="Nadia", last_name="Ferhat"), expected(link, first_name="Yann")
    shown = text_of(browser, path_of(link))
    assert "GAPP, lundi 2 novembre" in shown
    assert "Nadia Ferhat sage-femme Présence Absence Excusée" in shown

    saved = after(
        browser,
        send(
            browser, path_of(link), holding=choice(nadia), to=path_of(link, "presences"), **{choice(nadia): "present"}
        ),
    )
    assert "Enregistré" in saved
    assert "1 présence relevée sur 2" in saved
    added = after(
        browser,
        send(
            browser,
            path_of(link),
            holding="prenom",
            to=path_of(link, "sur-place"),
            prenom="Jean",
            nom="Klein",
            profession="sage-femme",
        ),
    )
    assert "Jean Klein sage-femme · sans inscription" in added
    clock.shift(timedelta(hours=3))
    closed = after(browser, browser.post(path_of(link, "clore")))

    assert CLOSED in closed
    assert [name for name in ("Nadia", "Klein") if name in closed] == []
    assert noted()[:3] == [("present", "animator"), ("present", "animator"), ("absent", "coordination")]
    assert (yann.status, sessions()[0].status) == ("confirmed", "held")


def test_a_page_shown_before_somebody_else_marked_does_not_undo_it(browser, link):
    nadia, yann = expected(link), expected(link)
    old = fields_of(browser.get(path_of(link)).get_data(as_text=True), f"avant_{nadia.public_id.hex}")
    browser.post(path_of(link, "presences"), data={**old, choice(nadia): "absent"})

    browser.post(path_of(link, "presences"), data={**old, choice(yann): "present"})

    assert noted() == [("absent", "animator"), ("present", "animator")]


def test_one_button_notes_that_everybody_else_is_there(browser, link):
    nadia, _ = expected(link), expected(link)

    browser.post(path_of(link, "presences"), data={choice(nadia): "excused", "suite": "tous"})

    assert sorted(noted()) == [("excused", "animator"), ("present", "animator")]


def test_a_count_without_names_pressed_twice_by_mistake_counts_once(browser, link):
    pressed = {"cle": str(uuid4()), "compte": "sage-femme:plus"}

    for _ in range(2):
        browser.post(path_of(link, "sans-noms"), data=pressed)
    browser.post(path_of(link, "sans-noms"), data={"cle": str(uuid4()), "compte": ":plus"})

    assert sorted((row.profession_slug, row.count) for row in stored(AttendanceTally)) == [("", 1), ("sage-femme", 1)]
    assert browser.post(path_of(link, "sans-noms"), data={"cle": "x"}).status_code == 400


def test_whoever_came_without_a_profession_is_asked_for_it(browser, link):
    response = browser.post(path_of(link, "sur-place"), data={"prenom": "Jean", "nom": "Klein"})

    assert response.status_code == 422
    assert "La profession est nécessaire : c'est elle que compte le rapport." in words(response.get_data(as_text=True))


def test_a_wrong_address_does_not_keep_anybody_out(browser, link):
    came = {"kind": "walk_in", "first": " Jean ", "last": "Klein", "email": "jean@", "profession": "sage-femme"}

    answer = sent(browser, link, {"key": str(uuid4()), "at": NOW.timestamp() * 1000, **came}).get_json()

    assert answer["answers"][0]["refusal"] is None
    assert [(one.first_name, one.email) for one in stored(Person).filter_by(last_name="Klein")] == [("Jean", None)]


def test_what_the_device_is_told(browser, link):
    nadia = expected(link, first_name="Nadia", last_name="Ferhat")

    answer = sent(browser, link, a_mark(nadia), {"key": str(uuid4()), "at": 1, "kind": "tally", "step": 7}).get_json()

    assert answer["answers"][0]["refusal"] is None
    assert words(answer["answers"][1]["refusal"]) == "Ce changement n'a pas été compris : notez-le à nouveau."
    assert answer["people"] == [
        {
            "id": str(nadia.public_id),
            "keys": [],
            "name": "Nadia Ferhat",
            "profession": "sage-femme",
            "mark": "present",
            "at": NOW.isoformat(),
            "unannounced": False,
            "words": [],
        }
    ]
    assert (answer["present"], answer["ended"], answer["isFull"]) == (1, None, False)


@pytest.mark.parametrize("body", [None, [], {}, {"device": "x", "now": 1, "changes": []}, {"changes": [{}] * 201}])
def test_what_is_not_a_sending_is_refused(browser, link, body):
    assert browser.post(path_of(link, "changements"), json=body).status_code == 400


def test_it_reads_and_sets_no_cookie_whoever_is_signed_in(browser, link, organisation):
    expected(link)
    sign_in(browser, make_person(organisation))

    answers = [browser.get(path_of(link, end)) for end in ("", "etat", "sw.js", "application.webmanifest")]
    answers += [browser.post(path_of(link, end)) for end in ("presences", "sur-place", "clore")]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * 7
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert "Me déconnecter" not in words(answers[0].get_data(as_text=True))


def test_only_this_page_may_have_a_service_worker(browser, link):
    assert (
        browser.get(path_of(link))
        .headers["Content-Security-Policy"]
        .endswith("; worker-src 'self'; manifest-src 'self'")
    )
    assert "worker-src" not in browser.get("/connexion").headers["Content-Security-Policy"]


def test_the_service_worker_keeps_every_file_of_the_page_and_changes_with_its_facts(browser, link):
    script = browser.get(path_of(link, "sw.js"))
    kept = json.loads(re.search(r"const FILES = (.*);", script.get_data(as_text=True))[1])  # type: ignore[index]
    page = browser.get(path_of(link)).get_data(as_text=True)
    asked = {url.partition("#")[0] for url in re.findall(r'(?:href|src)="(/(?:static/|marque|logo)[^"]+)"', page)}

    assert script.mimetype == "text/javascript"
    assert asked - set(kept) == set()
    with transaction():
        link.group_session.place_name = "Salle des fêtes"
    assert browser.get(path_of(link, "sw.js")).get_data() != script.get_data()


def test_nothing_outside_the_page_names_a_confidential_programme(browser, organisation):
    link = link_to(make_circles(organisation))

    page = browser.get(path_of(link)).get_data(as_text=True)
    manifest = browser.get(path_of(link, "application.webmanifest")).get_data(as_text=True)

    assert "arole" not in re.search(r"<title>.*</title>", page)[0] + manifest  # type: ignore[index]
    assert json.loads(manifest)["name"] == "Présences"


@pytest.mark.parametrize(
    ("days", "status", "sentence"),
    [
        (-2, 200, "Ce lien s'ouvre la veille de la séance, le dimanche 1er novembre."),
        (4, 410, "Ce lien a servi jusqu'au jeudi 5 novembre. Pour corriger une présence, appelez la coordination."),
    ],
)
def test_out_of_its_days_the_link_says_why_and_shows_nobody(browser, link, clock, days, status, sentence):
    expected(link, last_name="Ferhat")
    clock.shift(timedelta(days=days))

    page, told = browser.get(path_of(link)), browser.get(path_of(link, "etat"))

    assert (page.status_code, told.status_code) == (status, status)
    assert sentence in words(page.get_data(as_text=True))
    assert "Ferhat" not in page.get_data(as_text=True) + told.get_data(as_text=True)
    assert sent(browser, link).status_code == status


def test_a_link_that_was_cut_or_that_nobody_knows_opens_nothing(browser, link):
    services.revoke_link(link.group_session_id, link.person_id, actor_id=link.person_id)

    cut, unknown = browser.get(path_of(link)), browser.get(f"/soiree/{'x' * 43}/")

    assert (cut.status_code, unknown.status_code) == (410, 404)
    assert "La coordination a coupé ce lien. Demandez-lui-en un autre." in words(cut.get_data(as_text=True))
    assert browser.post(path_of(link, "presences")).status_code == 410


def test_a_closed_evening_tells_its_device_no_name(browser, link, clock):
    nadia = expected(link, last_name="Ferhat")
    clock.shift(timedelta(hours=3))
    sent(browser, link, a_mark(nadia), {"key": str(uuid4()), "kind": "close", "at": NOW.timestamp() * 1000})

    told = browser.get(path_of(link, "etat")).get_json()

    assert (told["people"], told["counts"], told["present"]) == ([], {}, 1)
    assert words(told["ended"]) == CLOSED


def test_before_people_settle_down_the_list_is_there_and_nothing_can_be_noted(browser, programme):
    link = link_to(programme, starts_at=NOW + timedelta(hours=3))
    expected(link, last_name="Ferhat")

    page = browser.get(path_of(link)).get_data(as_text=True)

    assert "Les présences se notent à partir de 12 h, le lundi 2 novembre." in words(page)
    assert "Ferhat" in page
    assert page.count("<fieldset") == page.count("data-open disabled")


def test_the_page_asks_as_much_of_the_database_for_three_persons_as_for_one(browser, programme):
    link = link_to(programme, capacity=9)
    expected(link)
    few = [queries_for(browser, path_of(link, end)) for end in ("", "etat")]
    expected(link)
    expected(link)

    assert [queries_for(browser, path_of(link, end)) for end in ("", "etat")] == few


def test_the_modules_of_the_page_stay_small():
    modules = [path.read_bytes() for path in (STATIC / "js").glob("evening*.js")]

    assert sum(map(len, modules)) < 24_000
    assert sum(len(gzip_once(module)) for module in modules) < 9_000
