"""Ma page, and the pages of the person who animates."""

import json
from datetime import timedelta

import pytest

from cpts_sessions.accounts.models import OpenSignIn, Role
from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.browsing import page_words, sign_in, submit, token_of
from tests.conftest import NOW
from tests.counting_queries import statements
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_coordinator,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.rows import rows


def add(row) -> None:
    with transaction():
        db.session.add(row)


@pytest.fixture
def cpts(app, clock) -> Organisation:
    return make_organisation()


@pytest.fixture
def nadia(browser, cpts) -> Person:
    """Somebody who is signed in."""
    person = make_person(cpts, first_name="Nadia", last_name="Ferhat")
    sign_in(browser, person)
    return person


def act_path(registration, act: str) -> str:
    return f"/ma-page/inscriptions/{registration.public_id}/{act}"


def test_my_page_shows_what_comes_what_waits_what_is_offered_and_what_was(browser, cpts, nadia):
    gapp, circles = make_programme(cpts), make_circles(cpts)
    past = make_group_session(gapp, starts_at=NOW - timedelta(days=3))
    make_registration(make_group_session(gapp), nadia)
    full = make_group_session(circles, capacity=1, starts_at=STARTS_AT + timedelta(days=1))
    make_registration(full, make_person(cpts))
    make_registration(full, nadia, "waiting")
    offer = make_group_session(circles, starts_at=STARTS_AT + timedelta(days=2))
    make_registration(offer, nadia, "offered", offer_expires_at=NOW + timedelta(hours=9))
    make_registration(past, nadia)
    add(
        Attendance(
            organisation_id=cpts.id,
            group_session_id=past.id,
            person_id=nadia.id,
            status="present",
            means="coordination",
        )
    )
    make_enrolment(gapp, nadia)

    text = page_words(browser.get("/ma-page"))

    assert "Bonjour Nadia Une place vous est proposée Cercle de paroles, mercredi 18 novembre à 20 h" in text
    assert "jusqu'au lundi 2 novembre à 19 h" in text
    assert "lundi 16 novembre : GAPP de 20 h à 22 h, Maison de santé, 1 rue des Tilleuls, Ambreville Place" in text
    assert "mardi 17 novembre : Cercle de paroles de 20 h à 22 h, Ambreville En attente, 1re" in text
    assert "vendredi 30 octobre 2026, de 10 h à 12 h, Maison de santé, 1 rue des Tilleuls, Ambreville Présence" in text
    assert "GAPP, toute l'année 2026" in text
    assert "les autres participants ne voient rien ici" in text


def test_a_visitor_is_sent_to_sign_in(browser, cpts):
    answer = browser.get("/ma-page")

    assert (answer.status_code, answer.location) == (303, "/connexion?suite=/ma-page")


def test_her_own_seat_is_given_back_and_nobody_else_s(browser, cpts, nadia):
    group_session = make_group_session(make_programme(cpts))
    hers = make_registration(group_session, nadia)
    another = make_registration(group_session, make_person(cpts))

    freed = submit(browser, act_path(hers, "liberer"), page="/ma-page")
    told = page_words(browser.get(freed.location))
    refused = submit(browser, act_path(another, "liberer"), page="/ma-page")

    assert (freed.status_code, freed.location, refused.status_code) == (303, "/ma-page", 404)
    assert "Votre place est libérée. Merci d'avoir prévenu." in told
    assert [one.status for one in rows(Registration)] == ["cancelled", "confirmed"]


def test_her_own_season_is_stopped_and_nobody_else_s(browser, cpts, nadia):
    programme = make_programme(cpts)
    hers, another = make_enrolment(programme, nadia), make_enrolment(programme, make_person(cpts))

    paths = [f"/ma-page/annees/{one.public_id}/arreter" for one in (hers, another)]
    answers = [submit(browser, path, page="/ma-page").status_code for path in paths]

    assert answers == [303, 404]
    assert [one.left_at is not None for one in rows(Enrolment)] == [True, False]


def test_she_corrects_what_is_hers_to_correct(browser, cpts, nadia):
    answer = submit(
        browser,
        "/ma-page/informations",
        profession="medecin-generaliste",
        civilite="Mme",
        rpps="10 00 00 00 009",
        telephone="06 12 34 56 78",
    )

    person = rows(Person)[0]
    told = (person.profession_slug, person.civility, person.rpps, person.phone)
    assert told == ("medecin-generaliste", "Mme", "10000000009", "06 12 34 56 78")
    assert answer.location == "/ma-page"


def test_an_rpps_number_is_typed_with_the_digits_of_a_card(browser, cpts, nadia):
    answer = submit(browser, "/ma-page/informations", profession="sage-femme", rpps="١٠٠٠٠٠٠٠٠٠٩")

    assert (answer.status_code, rows(Person)[0].rpps) == (422, None)


def test_a_wrong_rpps_key_is_told_and_kept_a_wrong_length_is_refused(browser, cpts, nadia):
    short = submit(browser, "/ma-page/informations", profession="sage-femme", rpps="123")
    kept = submit(browser, "/ma-page/informations", profession="sage-femme", rpps="12345678901")

    assert "Un numéro RPPS compte 11 chiffres : vous en avez saisi 3." in page_words(short)
    assert short.status_code == 422
    assert "Ce numéro n'a pas la bonne clé de contrôle" in page_words(browser.get(kept.location))
    assert rows(Person)[0].rpps == "12345678901"


def test_she_takes_her_data_away_without_those_of_anybody_else(browser, cpts, nadia):
    group_session = make_group_session(make_programme(cpts))
    make_registration(group_session, nadia)
    make_registration(group_session, make_person(cpts, last_name="Quatrefages"))

    answer = browser.get("/ma-page/mes-donnees.json")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    text = json.dumps(json.loads(answer.data), ensure_ascii=False)
    assert ("Ferhat" in text, "Quatrefages" in text) == (True, False)


def test_she_has_her_data_erased_after_a_confirmation(browser, cpts, nadia):
    make_registration(make_group_session(make_programme(cpts)), nadia)

    asked = browser.get("/ma-page/effacer")
    before = len(rows(Registration))
    done = submit(browser, "/ma-page/effacer")

    assert ("C'est définitif." in page_words(asked), before) == (True, 1)
    assert done.status_code == 303
    assert browser.get("/ma-page").status_code == 303
    assert [person.last_name for person in rows(Person) if person.last_name == "Ferhat"] == []
    assert rows(Registration) == []


def test_she_closes_another_browser_of_hers_but_nobody_else_s(app, browser, cpts, nadia):
    sign_in(app.test_client(), nadia)
    sign_in(app.test_client(), make_person(cpts))
    opened = [one.id for one in rows(OpenSignIn)]

    for wanted in (opened[1], opened[2], "x", ""):
        submit(browser, "/ma-page/connexions/fermer", page="/ma-page/informations", connexion=wanted)

    assert [one.id for one in rows(OpenSignIn)] == [opened[0], opened[2]]


def test_my_page_asks_as_much_of_the_database_for_one_session_as_for_three(browser, cpts, nadia):
    programme = make_programme(cpts)
    numbers = []
    for day in range(3):
        make_registration(make_group_session(programme, starts_at=STARTS_AT + timedelta(days=day)), nadia, "waiting")
        browser.get("/ma-page")
        with statements() as sent:
            browser.get("/ma-page")
        numbers.append(len(sent))

    assert numbers[0] == numbers[2]


@pytest.fixture
def animated(cpts):
    """A confidential session with one person in it, and who animates it."""
    group_session = make_group_session(make_circles(cpts), place_access="sonnez deux fois")
    animator = make_person(cpts, first_name="Camille")
    add(Role(organisation_id=cpts.id, person_id=animator.id, name="animator"))
    add(SessionAnimator(organisation_id=cpts.id, group_session_id=group_session.id, person_id=animator.id))
    coming = make_person(cpts, first_name="Zoé", last_name="Quatrefages", email="zoe@example.org")
    make_registration(group_session, coming, phone="06 12 34 56 78")
    make_registration(group_session, make_person(cpts, last_name="Pasvenue"), "waiting")
    return group_session, animator


def test_the_animator_reads_names_and_professions_and_nothing_else(browser, animated):
    group_session, animator = animated
    sign_in(browser, animator)

    answer = browser.get(f"/animation/seances/{group_session.public_id}")

    text, html = page_words(answer), answer.get_data(as_text=True).replace("\u00a0", " ")
    assert "Où Maison de santé, 1 rue des Tilleuls, Ambreville" in text
    assert "sage-femme : 1 Zoé Quatrefages sage-femme" in text
    assert "1 place prise sur 2 ; 1 personne en attente" in text
    assert [word for word in ("zoe@", "06 12", "Pasvenue", "mon-inscription") if word in html.split("<footer")[0]] == []


def test_the_animator_finds_her_sessions_and_no_other(browser, cpts, animated):
    group_session, animator = animated
    past = make_group_session(group_session.programme, starts_at=NOW - timedelta(days=5))
    add(SessionAnimator(organisation_id=cpts.id, group_session_id=past.id, person_id=animator.id))
    another = make_group_session(group_session.programme, starts_at=STARTS_AT + timedelta(days=1))
    sign_in(browser, animator)

    text = page_words(browser.get("/animation/"))

    assert text.index("À venir") < text.index("lundi 16 novembre") < text.index("Passées")
    assert text.index("Passées") < text.index("mercredi 28 octobre 2026 de") < text.index("À clore")
    assert "mardi 17 novembre" not in text
    assert browser.get(f"/animation/seances/{another.public_id}").status_code == 404


def test_an_animator_of_a_whole_programme_finds_all_its_sessions(browser, cpts, animated):
    group_session, _ = animated
    of_all = make_person(cpts)
    add(Role(organisation_id=cpts.id, person_id=of_all.id, name="animator", programme_id=group_session.programme_id))
    elsewhere = make_group_session(make_programme(cpts))
    sign_in(browser, of_all)

    paths = [f"/animation/seances/{one.public_id}" for one in (group_session, elsewhere)]
    assert [browser.get(path).status_code for path in paths] == [200, 404]


def test_the_coordination_opens_the_page_in_the_animator_s_place(browser, cpts, animated):
    sign_in(browser, make_coordinator(cpts))

    assert browser.get(f"/animation/seances/{animated[0].public_id}").status_code == 200


def test_a_professional_has_no_animator_s_page(browser, nadia, animated):
    assert browser.get("/animation/").status_code == 404
    assert browser.get(f"/animation/seances/{animated[0].public_id}").status_code == 404
    assert token_of(browser.get("/ma-page"))
