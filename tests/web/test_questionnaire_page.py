"""The page on which somebody answers: always empty, without cookie, and nothing but slots is written."""

import re

import pytest
from flask import session
from flask.sessions import NullSession
from sqlalchemy import text

from cpts_sessions.core.clock import now
from cpts_sessions.core.french import normalise
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.programmes.models import Programme
from cpts_sessions.questionnaires import services
from cpts_sessions.questionnaires.definition import decode, default
from cpts_sessions.questionnaires.models import Box, BoxState, Slot
from tests.browsing import sign_in
from tests.factories import make_coordinator
from tests.questionnaires.asked import asking_circles, present, token_of
from tests.web.forms_read import fields_of

ANSWERS = {"c1": "0", "c2": ["0", "1"], "c3-0": "3", "c5": "0", "c8": "Une salle plus chaude"}


@pytest.fixture
def address(app, clock) -> str:
    """The page of somebody who came."""
    return f"/questionnaire/{token_of(present(asking_circles(), 2)[0])}"


def ballots() -> list[dict]:
    """What the slots hold, the empty ones left out; only a test may look."""
    db.session.rollback()  # a request wrote them
    box = db.session.query(Box).one()
    sealer = services.sealer_of(box)
    opened = [sealer.unseal(slot.id, slot.sealed) for slot in db.session.query(Slot)]
    return [decode(ballot) for ballot in opened if ballot]


def rows() -> dict[str, list[str]]:
    """Every row of every table but the slots."""
    db.session.rollback()
    names = [table.name for table in db.metadata.sorted_tables if table.name != "slot"]
    return {name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {name}")))) for name in names}


def test_an_answer_is_sealed_and_thanked_for(browser, address):
    answer = browser.post(address, data=ANSWERS)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/questionnaire/merci")
    assert ballots() == [
        {
            "c1": "Oui",
            "c2": ["Bienveillante", "Équilibrée"],
            "c3": {"je peux m’exprimer librement": "Tout à fait"},
            "c5": "Oui",
            "c8": "Une salle plus chaude",
        }
    ]
    assert "Merci, vos réponses sont scellées" in normalise(browser.get(answer.headers["Location"]).text)


def test_the_page_opens_empty_whatever_was_sent(browser, address):
    before = browser.get(address).text
    browser.post(address, data=ANSWERS)
    assert browser.get(address).text == before
    assert "chaude" not in before
    assert set(re.findall(r'value="([^"]*)"[^>]* checked', before)) == {""}


def test_a_new_answer_replaces_the_former_one_as_a_whole(browser, address):
    browser.post(address, data=ANSWERS)
    browser.post(address, data={"c1": "4", "c2": "3", "c5": "1"})
    assert ballots() == [{"c1": "Non, durée un peu longue", "c2": ["Structurée"], "c5": "Non"}]


def test_a_button_pressed_twice_seals_one_answer(browser, address):
    for _ in range(2):
        assert browser.post(address, data=ANSWERS).status_code == 303
    assert len(ballots()) == 1


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_no_cookie_is_read_or_set_and_nothing_else_is_written(browser, address, method):
    browser.get("/connexion")
    browser.post("/connexion", data={"email": "claire@example.org"})
    before = rows()

    answer = getattr(browser, method)(address, data=ANSWERS if method == "post" else None)

    assert answer.status_code in (200, 303)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert rows() == before


def test_whoever_is_signed_in_sees_the_page_of_a_visitor(app, browser, address):
    entered = app.test_client()
    with entered.session_transaction() as kept:
        kept["_flashes"] = [("ok", "Un message qui attend")]
    assert entered.get(address).text == browser.get(address).text
    with entered.session_transaction() as kept:
        assert kept["_flashes"] == [("ok", "Un message qui attend")]


def test_what_awaits_an_answer_is_said_and_the_rest_is_kept(browser, address):
    answer = browser.post(address, data={"c2": ["6"], "c2-precision": "très <douce>", "c5": "1", "c8": "Merci"})

    page = normalise(answer.text)
    assert answer.status_code == 422
    assert "<title>Erreur : Votre avis" in page
    assert "1 question attend une réponse. Les autres sont gardées." in page
    assert '<a href="#c1-0">' in page
    assert 'value="très &lt;douce&gt;"' in page
    assert re.search(r">\s*Merci</textarea>", page)
    assert re.search(r'name="c5" value="1" checked', page)
    assert ballots() == []


def test_several_questions_await_an_answer(browser, address):
    page = normalise(browser.post(address, data={"c1": "0"}).text)
    assert "2 questions attendent une réponse. Les autres sont gardées." in page


def test_what_nobody_may_answer_is_refused(browser, address):
    answer = browser.post(address, data=ANSWERS | {"c7": "77", "c8": "a" * 1300})
    page = normalise(answer.text)
    assert answer.status_code == 422
    assert "2 questions sont à revoir. Le reste est gardé." in page
    assert "Le texte compte 100 caractères de trop. Raccourcissez-le." in page
    assert ballots() == []


def test_ten_megabytes_are_refused_unread(browser, address):
    answer = browser.post(address, data=ANSWERS | {"c8": "a" * 10_000_000})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (413, False)
    assert "Rien n'a été scellé" in normalise(answer.text)
    assert ballots() == []


def test_a_link_that_nobody_was_sent_opens_nothing(browser, address):
    for path in ("/questionnaire/abc", f"{address}x", f"/questionnaire/{'a' * 43}", "/questionnaire/%00"):
        for answer in (browser.get(path), browser.post(path, data=ANSWERS)):
            assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)
            assert "Ce lien n'ouvre aucun questionnaire." in normalise(answer.text)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (BoxState.OPENED, "Cette urne a été dépouillée le 2 novembre 2026."),
        (BoxState.CARRIED, "comptera avec celles de l'année suivante"),
        (BoxState.DESTROYED, "détruite sans être lue"),
    ],
)
def test_a_box_that_is_over_takes_no_answer(browser, address, state, sentence):
    with transaction():
        box = db.session.query(Box).one()
        box.state, box.ended_at = state.value, now()
    for answer in (browser.get(address), browser.post(address, data=ANSWERS)):
        assert answer.status_code == 410
        assert sentence in normalise(answer.text)
    assert ballots() == []


def test_the_page_says_what_is_protected_and_whom_to_call(browser, address):
    page = normalise(re.sub(r"<[^>]+>", "", browser.get(address).text))
    for words in (
        "Ni la coordination ni la personne qui anime ne peuvent savoir qui a répondu quoi.",
        "une coordination malveillante pourrait inventer des participants",
        "Personne ne lit ces réponses avant décembre.",
        "Si vous allez mal : SPS 0 805 23 23 36 ou 3114, 24 h/24. Danger immédiat : 15.",
        "elle s'ouvre toujours vide",
        "Question 8 sur 8",
        "Encore 1 200 caractères",
    ):
        assert words in page


def test_the_tab_does_not_say_what_the_questionnaire_is_about(browser, address):
    title = re.search(r"<title>(.*?)</title>", browser.get(address).text)
    assert title
    assert "parole" not in title[1]


@pytest.mark.parametrize("key", ["cercle_eval", "gapp_eval"])
def test_the_coordination_sees_what_is_asked_and_sends_nothing(browser, address, key):
    sign_in(browser, make_coordinator(db.session.query(Organisation).one()))
    page = browser.get(f"/coordination/dispositifs/questionnaires/{key}").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "Aperçu" in main
    assert "<form" not in main
    assert 'type="submit"' not in main
    assert f"Question 1 sur {len(default(key).items)}" in normalise(main)


def test_there_is_no_preview_of_what_no_programme_may_choose(browser, address):
    sign_in(browser, make_coordinator(db.session.query(Organisation).one()))
    for key in ("cercle_effets", "autre", "..%2Fdefinition"):
        assert browser.get(f"/coordination/dispositifs/questionnaires/{key}").status_code == 404


def test_a_programme_leads_to_the_preview_of_each_questionnaire(browser, address):
    sign_in(browser, make_coordinator(db.session.query(Organisation).one()))
    programme = db.session.query(Programme).one()
    page = browser.get(f"/coordination/dispositifs/{programme.public_id}").text
    assert "/coordination/dispositifs/questionnaires/cercle_eval" in page
    assert fields_of(page, "questionnaire")["questionnaire"] == ["cercle_eval"]


def test_the_cookie_of_a_visitor_is_not_even_opened(app, clock):
    for path, is_opened in (("/questionnaire/abc", False), ("/questionnaire/merci", False), ("/connexion", True)):
        with app.test_request_context(path):
            assert isinstance(session._get_current_object(), NullSession) is not is_opened
