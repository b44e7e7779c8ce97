"""What the link of one registration opens."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Registration
from tests.browsing import page_words, registration_link, submit, token_of
from tests.conftest import NOW
from tests.counting_queries import statements
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
    signed_up,
)


def status_of(registration) -> str:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id).status


@pytest.fixture
def ours(app, clock):
    """A GAPP session with one place; the clock stands still."""
    return make_group_session(make_programme(make_organisation()), capacity=1)


@pytest.fixture
def cpts(ours) -> Organisation:
    return db.session.get_one(Organisation, ours.organisation_id)


def test_the_page_says_where_the_registration_stands(browser, ours, cpts):
    circle = make_group_session(ours.programme, starts_at=STARTS_AT + timedelta(days=1), capacity=9)
    cancelled = make_group_session(
        ours.programme, status="cancelled", cancel_reason="neige", starts_at=STARTS_AT + timedelta(days=2)
    )
    seated = make_registration(ours, make_person(cpts))
    waiting = make_registration(ours, make_person(cpts), "waiting")
    offered = make_registration(circle, make_person(cpts), "offered", offer_expires_at=NOW + timedelta(hours=9))
    free = make_registration(circle, make_person(cpts), "waiting")
    asked = make_registration(circle, make_person(cpts), "requested")
    left = make_registration(circle, make_person(cpts), "cancelled", ended_by="person", stamp=NOW)
    list_left = make_registration(circle, make_person(cpts), "cancelled", ended_by="person")
    expired = make_registration(circle, make_person(cpts), "declined", ended_by="clock", ended_at=NOW)
    refused = make_registration(circle, make_person(cpts), "declined", ended_by="coordination")
    gone = make_registration(cancelled, make_person(cpts), "cancelled", ended_by="session")

    said = [
        (seated, "Votre place est réservée.", "Libérer ma place"),
        (waiting, "La séance est complète. Votre place sur la liste d'attente : 1re.", "Quitter la liste"),
        (offered, "Une place vous est gardée jusqu'au lundi 2 novembre à 19 h.", "Je prends la place"),
        (free, "Une place est libre : elle va à la première personne qui la prend.", "Je prends la place"),
        (asked, "Votre demande est entre les mains de la coordination", "Retirer ma demande"),
        (left, "Votre place est libérée. Merci d'avoir prévenu.", "Reprendre ma place"),
        (list_left, "Vous n'êtes plus sur la liste d'attente.", "Reprendre ma place"),
        (expired, "La place n'est plus gardée pour vous : l'échéance était le lundi 2 novembre à 10 h.", "Reprendre"),
        (refused, "La coordination n'a pas pu accepter votre demande.", "Ce n'est pas moi"),
        (gone, "Cette séance est annulée. Motif : neige.", "Ce n'est pas moi"),
    ]
    for registration, sentence, button in said:
        text = page_words(browser.get(registration_link(registration)))
        assert (sentence in text, button in text) == (True, True), (registration.status, text)


def test_a_seat_is_said_to_go_to_the_next_person_only_when_somebody_waits(browser, ours, cpts):
    seated = make_registration(ours, make_person(cpts))
    next_person = "elle ira à la personne suivante de la liste"
    assert next_person not in page_words(browser.get(registration_link(seated)))

    make_registration(ours, make_person(cpts), "waiting")

    assert next_person in page_words(browser.get(registration_link(seated)))


def test_a_seat_is_given_back_and_taken_again_in_one_click(browser, ours):
    registration = signed_up(ours)
    page = registration_link(registration)

    freed = submit(browser, f"{page}/liberer", page=page)
    between = status_of(registration)
    told = page_words(browser.get(freed.location))
    submit(browser, f"{page}/reprendre", page=page)

    assert (freed.status_code, freed.location, between) == (303, page, "cancelled")
    assert "Votre place est libérée. Merci d'avoir prévenu." in told
    assert status_of(registration) == "confirmed"


def test_an_offer_is_accepted_or_left(browser, ours, cpts):
    taken = make_registration(ours, make_person(cpts), "offered", offer_expires_at=NOW + timedelta(hours=9))
    other = make_group_session(ours.programme, starts_at=STARTS_AT + timedelta(days=1))
    left = make_registration(other, make_person(cpts), "offered", offer_expires_at=NOW + timedelta(hours=9))

    submit(browser, f"{registration_link(taken)}/prendre", page=registration_link(taken))
    submit(browser, f"{registration_link(left)}/laisser", page=registration_link(left))

    assert (status_of(taken), status_of(left)) == ("confirmed", "declined")


def test_a_request_or_a_place_on_the_list_is_withdrawn(browser, ours, cpts):
    asked = make_registration(ours, make_person(cpts), "requested")
    seated = make_registration(ours, make_person(cpts))
    waiting = make_registration(ours, make_person(cpts), "waiting")

    submit(browser, f"{registration_link(asked)}/retirer", page=registration_link(asked))
    submit(browser, f"{registration_link(waiting)}/quitter", page=registration_link(waiting))

    assert [status_of(one) for one in (asked, seated, waiting)] == ["cancelled", "confirmed", "cancelled"]


def test_after_a_move_she_says_that_she_comes(browser, ours, cpts):
    moved = make_registration(ours, make_person(cpts), is_invited=True, partstat="NEEDS-ACTION", stamp=NOW)
    page = registration_link(moved)

    asked = page_words(browser.get(page))
    told = page_words(browser.get(submit(browser, f"{page}/venir", page=page).location))

    assert "Votre place est réservée. Dites-nous si vous venez." in asked
    assert "C'est noté : vous venez." in told
    assert "Dites-nous" not in told


def test_she_signs_up_to_another_date_and_reads_the_same_answer_twice(browser, ours):
    registration = signed_up(ours)
    other = make_group_session(ours.programme, starts_at=STARTS_AT + timedelta(days=7))
    page = registration_link(registration)

    answers = []
    for _ in range(2):
        answer = submit(browser, f"{page}/aussi", page=page, seance=str(other.public_id))
        answers.append(page_words(browser.get(answer.location)))

    assert "C'est noté : la suite est dans l'e-mail que nous vous envoyons." in answers[0]
    assert answers[0].replace("1 place", "").replace("2 places", "") == answers[1].replace("1 place", "").replace(
        "2 places", ""
    )
    db.session.rollback()
    statement = select(Registration.status).where(Registration.person_id == registration.person_id)
    assert db.session.execute(statement).scalars().all() == ["confirmed", "confirmed"]


def test_another_date_must_exist_here(browser, ours):
    registration = signed_up(ours)
    elsewhere = make_group_session(make_programme(make_organisation(public_url="http://autre.example.org")))

    page = registration_link(registration)
    wrong = ["", "x", str(elsewhere.public_id)]
    assert [submit(browser, f"{page}/aussi", page=page, seance=one).status_code for one in wrong] == [404] * 3


def test_it_is_not_me_frees_the_seat_and_forgets_who_was_new(browser, ours):
    registration = signed_up(ours, first_name="Zénobie")
    page = registration_link(registration)

    asked = browser.get(f"{page}/pas-moi")
    done = submit(browser, f"{page}/pas-moi")

    assert "Personne ne sera prévenu." in page_words(asked)
    assert "vous ne recevrez plus rien" in page_words(browser.get(done.location))
    assert browser.get(page).status_code == 404
    db.session.rollback()
    left = [db.session.execute(select(model)).scalars().all() for model in (Registration, Person, OutboxMessage)]
    assert left == [[], [], []]


def test_the_page_shows_no_other_registration_and_no_secret(browser, ours, cpts):
    circles = make_circles(cpts)
    circle = make_group_session(circles, video_url="https://visio.example.org/secret")
    she = make_person(cpts)
    registration = make_registration(circle, she, stamp=NOW, sequence=0)
    make_registration(ours, she)
    make_registration(circle, make_person(cpts, last_name="Quatrefages"))

    html = browser.get(registration_link(registration)).get_data(as_text=True)

    assert [word for word in ("GAPP", "Quatrefages", "Tilleuls", "visio.example") if word in html] == []
    outward = re.findall(r'href="(https://(?:calendar\.google|outlook)[^"]+)"', html)
    assert len(outward) == 2
    assert all("paroles" not in url and "Ambreville" not in url and "mon-inscription" not in url for url in outward)


def test_a_link_serves_until_24_hours_after_the_session(browser, ours, cpts, clock):
    registration = make_registration(ours, make_person(cpts), stamp=NOW, sequence=0)
    page = registration_link(registration)
    token = token_of(browser.get(page))
    clock.move_to(ours.ends_at + timedelta(hours=23, minutes=59))
    last = browser.get(page)
    clock.move_to(ours.ends_at + timedelta(hours=24))

    paths = (page, f"{page}/seance.ics", f"{page}/pas-moi")
    assert (last.status_code, "Cette séance a eu lieu le lundi 16 novembre 2026." in page_words(last)) == (200, True)
    assert [browser.get(path).status_code for path in paths] == [410] * 3
    assert "Ce lien a servi jusqu'à 24 h après la séance." in page_words(browser.get(page))
    assert browser.post(f"{page}/liberer", data={"csrf_token": token}).status_code == 410


def test_an_unknown_link_or_that_of_another_cpts_opens_nothing(browser, ours):
    elsewhere = make_organisation(public_url="http://autre.example.org")
    there = make_registration(make_group_session(make_programme(elsewhere)), make_person(elsewhere))

    paths = (
        "/mon-inscription/inconnu",
        registration_link(there),
        f"{registration_link(there)}/seance.ics",
        f"{registration_link(there)}/pas-moi",
    )
    assert [browser.get(path).status_code for path in paths] == [404] * 4


def test_a_personal_page_is_kept_by_nobody(browser, ours):
    answer = browser.get(registration_link(signed_up(ours)))

    told = [answer.headers[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert told == ["no-store", "noindex", "same-origin"]


def test_after_the_start_nothing_moves(browser, ours, clock):
    registration = signed_up(ours)
    page = registration_link(registration)
    token = token_of(browser.get(page))
    clock.move_to(ours.starts_at)

    answer = browser.post(f"{page}/liberer", data={"csrf_token": token})

    assert "La séance a commencé." in page_words(browser.get(answer.location))
    assert status_of(registration) == "confirmed"
    assert "Libérer ma place" not in page_words(browser.get(page))


def test_opening_the_page_needs_as_many_questions_whatever_the_dates(browser, ours, cpts):
    registration = make_registration(ours, make_person(cpts))
    browser.get(registration_link(registration))
    numbers = []
    for day in range(1, 4):
        make_group_session(ours.programme, starts_at=STARTS_AT + timedelta(days=day))
        with statements() as sent:
            browser.get(registration_link(registration))
        numbers.append(len(sent))

    assert numbers == [numbers[0]] * 3


def test_an_offer_that_has_expired_is_not_shown_as_kept(browser, ours, cpts, clock):
    late = make_registration(ours, make_person(cpts), "offered", offer_expires_at=NOW + timedelta(hours=1))
    page = registration_link(late)
    token = token_of(browser.get(page))
    clock.move_to(NOW + timedelta(hours=2))

    refused = browser.post(f"{page}/prendre", data={"csrf_token": token})

    assert "La place n'est plus gardée pour vous : l'échéance était le lundi 2 novembre à 11 h." in page_words(
        browser.get(refused.location)
    )
    assert status_of(late) == "offered"
