"""The file of one registration for agendas."""

from datetime import timedelta

from cpts_sessions.core.transaction import transaction
from cpts_sessions.registrations import services
from tests.browsing import registration_link
from tests.conftest import NOW
from tests.counting_queries import statements
from tests.factories import make_circles, make_group_session, make_person, make_registration, signed_up


def test_the_file_for_agendas_is_neutral_and_asked_with_one_select(browser, organisation):
    circle = make_group_session(make_circles(organisation))
    registration = make_registration(circle, make_person(organisation), stamp=NOW, sequence=0)
    page = registration_link(registration)
    browser.get(page)

    with statements() as sent:
        answer = browser.get(f"{page}/seance.ics")

    text = answer.get_data(as_text=True)
    about_seats = [statement for statement in sent if "registration" in statement]
    assert (answer.status_code, answer.mimetype, len(about_seats)) == (200, "text/calendar", 1)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="seance.ics"'
    assert "SUMMARY:Réunion CPTS\r\n" in text
    assert ("LOCATION" in text, "paroles" in text) == (False, False)
    assert "DTSTART;TZID=Europe/Paris:20261116T200000" in text


def test_the_file_follows_the_seat_and_the_session(browser, programme):
    ours = make_group_session(programme)
    registration = signed_up(ours)
    page = registration_link(registration)

    first = browser.get(f"{page}/seance.ics")
    with transaction():
        ours.starts_at += timedelta(hours=1)
    moved = browser.get(f"{page}/seance.ics")
    services.leave(registration.id)

    assert [one.get_data(as_text=True).count("T200000") for one in (first, moved)] == [1, 0]
    assert browser.get(f"{page}/seance.ics").status_code == 404
    assert first.headers["Cache-Control"] == "no-store"


def test_there_is_no_file_without_a_seat(browser, organisation, programme):
    waiting = make_registration(make_group_session(programme), make_person(organisation), "waiting")

    assert browser.get(f"{registration_link(waiting)}/seance.ics").status_code == 404
