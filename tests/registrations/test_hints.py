"""When to add a date: from lists, full dates and people who asked to be told, and from nothing else."""

from datetime import timedelta

import pytest

from cpts_sessions.core.french import normalise
from cpts_sessions.people.services import Told
from cpts_sessions.registrations import alerts
from cpts_sessions.registrations.hints import hints
from tests.browsing import page_words, sign_in
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.web.counted_queries import queries_for

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cpts(app):
    return make_organisation()


@pytest.fixture
def gapp(cpts):
    return make_programme(cpts)


def said(cpts) -> list[str]:
    return [normalise(one.sentence) for one in hints(cpts.id)]


def full(cpts, gapp, days=0, waiting=()):
    one = make_group_session(gapp, starts_at=STARTS_AT + timedelta(days=days), capacity=1)
    make_registration(one, make_person(cpts))
    for person in waiting:
        make_registration(one, person, "waiting")
    return one


def test_who_waits_is_counted_once_a_month_and_months_follow_each_other(cpts, gapp):
    ana, bea = make_person(cpts), make_person(cpts)
    full(cpts, gapp, waiting=[ana, bea])
    full(cpts, gapp, days=7, waiting=[ana])
    full(cpts, gapp, days=60, waiting=[ana])
    assert said(cpts) == [
        "Ajoutez une séance en novembre : 2 personnes en attente.",
        "Ajoutez une séance en janvier : 1 personne en attente.",
    ]


def test_full_dates_in_a_row_are_said_until_one_has_a_place(cpts, gapp):
    full(cpts, gapp)
    assert said(cpts) == []
    full(cpts, gapp, days=7)
    assert said(cpts) == ["GAPP : 2 séances complètes de suite. Proposez-en une de plus."]
    make_group_session(gapp, starts_at=STARTS_AT - timedelta(days=7))
    assert said(cpts) == []


def test_who_asked_to_be_told_is_said_until_a_date_is_open(cpts, gapp):
    for _ in range(2):
        alerts.ask(gapp.id, Told.of(make_person(cpts)))
    assert said(cpts) == ["2 personnes ont demandé à être prévenues : GAPP."]
    make_group_session(gapp)
    assert said(cpts) == []


def test_the_past_the_cancelled_another_cpts_and_what_is_put_away_suggest_nothing(cpts, gapp):
    past = make_group_session(gapp, starts_at=STARTS_AT - timedelta(days=30))
    gone = make_group_session(gapp, status="cancelled")
    for one in (past, gone):
        make_registration(one, make_person(cpts), "waiting")
    away = make_programme(cpts, slug="ancien", is_archived=True)
    alerts.ask(away.id, Told.of(make_person(cpts)))
    other = make_organisation(public_url="http://b.example.org")
    elsewhere = make_programme(other)
    alerts.ask(elsewhere.id, Told.of(make_person(other)))
    assert said(cpts) == []


def test_refusals_of_one_slot_suggest_others_once_they_are_five_by_three_people(cpts, gapp):
    people = [make_person(cpts) for _ in range(3)]
    mondays = [make_group_session(gapp, starts_at=STARTS_AT + timedelta(weeks=n)) for n in range(2)]
    friday = make_group_session(gapp, starts_at=STARTS_AT + timedelta(days=4))
    for one, who in (
        (mondays[0], people[0]),
        (mondays[0], people[1]),
        (mondays[1], people[0]),
        (mondays[1], people[1]),
    ):
        make_registration(one, who, "declined", ended_by="person")
    make_registration(mondays[0], people[2], "declined", ended_by="coordination")
    make_registration(friday, people[2], "declined", ended_by="person")
    assert said(cpts) == []
    make_registration(mondays[1], people[2], "declined", ended_by="calendar")
    assert said(cpts) == ["5 refus sur le créneau « lundi à 20 h ». Lancez un sondage de dates pour la suite."]


def test_the_desk_says_it_and_leads_to_planning_with_the_same_number_of_queries(cpts, gapp, browser):
    sign_in(browser, make_coordinator(cpts))
    full(cpts, gapp, waiting=[make_person(cpts)])
    for _ in range(5):
        make_registration(
            make_group_session(gapp, starts_at=STARTS_AT), make_person(cpts), "declined", ended_by="person"
        )
    browser.get("/coordination/")
    once = queries_for(browser, "/coordination/")
    for days in (40, 80):
        full(cpts, gapp, days=days, waiting=[make_person(cpts)])

    page = browser.get("/coordination/")

    assert "Ajoutez une séance en novembre : 1 personne en attente." in page_words(page)
    assert f'href="/coordination/seances/nouvelle?dispositif={gapp.public_id}"' in page.get_data(as_text=True)
    assert "Proposer d'autres créneaux : GAPP 5 refus sur le créneau « lundi à 20 h »." in page_words(page)
    assert f'href="/coordination/sondages/nouveau?dispositif={gapp.public_id}"' in page.get_data(as_text=True)
    assert queries_for(browser, "/coordination/") == once
