"""What the follow-up link of an enrolment opens."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.people.models import Person
from cpts_sessions.registrations import enrolments
from cpts_sessions.registrations.models import Enrolment, Registration
from tests.browsing import page_words, submit, token_of
from tests.counting_queries import statements
from tests.factories import (
    STARTS_AT,
    make_group_session,
    make_organisation,
    make_programme,
    make_registration,
    told,
)
from tests.rows import rows


def link_of(enrolment) -> str:
    return f"/mon-suivi/{links.token(Purpose.ENROLMENT, enrolment.public_id)}"


@pytest.fixture
def enrolment(app, clock) -> Enrolment:
    """Somebody new, enrolled to the two dates of a season."""
    programme = make_programme(make_organisation())
    for day in (0, 7):
        make_group_session(programme, starts_at=STARTS_AT + timedelta(days=day))
    enrolments.enrol(programme.id, 2026, told())
    return rows(Enrolment)[0]


def test_one_date_is_declined_and_taken_back(browser, enrolment):
    first = rows(Registration)[0]
    page = link_of(enrolment)

    declined = submit(browser, f"{page}/pas-cette-fois", page=page, inscription=str(first.public_id))
    shown, after = page_words(browser.get(declined.location)), [one.status for one in rows(Registration)]
    submit(browser, f"{page}/finalement", page=page, inscription=str(first.public_id))

    assert after == ["declined", "confirmed"]
    assert ("Pas cette fois" in shown, "Finalement, je viens" in shown) == (True, True)
    assert [one.status for one in rows(Registration)] == ["confirmed", "confirmed"]


def test_the_programme_is_left_and_followed_again(browser, enrolment):
    page = link_of(enrolment)

    stopped = submit(browser, f"{page}/arreter", page=page)
    after = [one.status for one in rows(Registration)]
    text = page_words(browser.get(stopped.location))
    submit(browser, f"{page}/reprendre", page=page)

    assert after == ["cancelled", "cancelled"]
    assert "C'est fait : vos places à venir sont libérées." in text
    assert [one.status for one in rows(Registration)] == ["confirmed", "confirmed"]


def test_it_is_not_me_undoes_it_all(browser, enrolment):
    page = link_of(enrolment)

    done = submit(browser, f"{page}/pas-moi")

    assert "C'est fait" in page_words(browser.get(done.location))
    assert [rows(model) for model in (Registration, Enrolment, Person)] == [[], [], []]
    assert browser.get(page).status_code == 404


def test_a_date_of_somebody_else_is_not_hers(browser, enrolment):
    enrolments.enrol(enrolment.programme_id, 2026, told())
    hers = next(one for one in rows(Registration) if one.enrolment_id != enrolment.id)
    page = link_of(enrolment)

    wrong = [submit(browser, f"{page}/pas-cette-fois", page=page, inscription=one) for one in ("", str(hers.public_id))]

    assert [answer.status_code for answer in wrong] == [404, 404]


def test_the_link_serves_until_31_january(browser, enrolment, clock):
    page = link_of(enrolment)
    clock.move_to(datetime(2027, 1, 31, 22, 59, tzinfo=UTC))
    token = token_of(browser.get(page))
    clock.move_to(datetime(2027, 1, 31, 23, 0, tzinfo=UTC))  # midnight in Paris

    assert browser.get(page).status_code == 410
    assert browser.post(f"{page}/arreter", data={"csrf_token": token}).status_code == 410


def test_an_unknown_link_opens_nothing(browser, enrolment):
    assert [browser.get(f"/mon-suivi/inconnu{end}").status_code for end in ("", "/pas-moi")] == [404, 404]


def test_three_dates_need_as_many_questions_as_two(browser, enrolment):
    page = link_of(enrolment)
    browser.get(page)
    numbers = []
    for day in (8, 9):
        with statements() as sent:
            browser.get(page)
        numbers.append(len(sent))
        one = make_group_session(rows(Enrolment)[0].programme, starts_at=STARTS_AT + timedelta(days=day))
        make_registration(one, rows(Person)[0], "waiting", enrolment_id=enrolment.id)

    assert numbers[0] == numbers[1]
