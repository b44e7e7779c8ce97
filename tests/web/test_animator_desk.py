"""The desk of whoever animates: her evening, her note, the file for her agenda."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from cpts_sessions.accounts.models import Role
from cpts_sessions.attendance import services as attendance
from cpts_sessions.attendance.models import AttendanceStatus
from cpts_sessions.core import links
from cpts_sessions.core.links import Purpose
from cpts_sessions.core.transaction import transaction
from cpts_sessions.evening import services
from cpts_sessions.evening.models import EveningLink, EveningNote
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.registrations import animation
from cpts_sessions.registrations.animated import coming
from tests.browsing import sign_in
from tests.factories import make_circles, make_group_session, make_person, make_registration
from tests.page import words
from tests.rows import rows
from tests.web.coordination import after, page_of, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send

EVE = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)  # 18 h in Paris, the day before
OVER = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)


@pytest.fixture
def one(programme):
    return make_group_session(programme)


@pytest.fixture
def marc(organisation, one):
    """Who animates it, and has an access to her desk."""
    person = make_person(organisation, first_name="Marc", last_name="Vidal")
    with transaction():
        animation.attach(one, person)
        db.session.add(Role(organisation_id=organisation.id, person_id=person.id, name="animator"))
    return person


def desk_of(one) -> str:
    return f"/animation/seances/{one.public_id}"


def open_evening(browser, one, page=None):
    return send(browser, page or desk_of(one), holding="csrf_token", to=f"{desk_of(one)}/presences")


def test_before_the_day_before_her_page_says_when_it_opens(browser, one, marc):
    sign_in(browser, marc)

    shown = text_of(browser, desk_of(one))
    answer = open_evening(browser, one)

    assert "Les présences se relèvent ici à partir de la veille, le dimanche 15 novembre." in shown
    assert "Relever les présences" not in shown
    assert "Cette page s'ouvre la veille, le dimanche 15 novembre 2026." in after(browser, answer)
    assert rows(EveningLink) == []


def test_those_who_come_are_listed_by_their_last_name_accents_aside(organisation, one):
    for first_name, last_name in [("Anne", "Fabre"), ("Zoé", "Éluard")]:
        make_registration(one, make_person(organisation, first_name=first_name, last_name=last_name))

    assert [name for name, _ in coming(one)] == ["Zoé Éluard", "Anne Fabre"]


def test_from_the_day_before_one_button_opens_the_page_of_her_evening(browser, one, marc, clock):
    clock.move_to(EVE)
    sign_in(browser, marc)
    assert "À relever" in text_of(browser, "/animation/")

    answer = open_evening(browser, one, page="/animation/")

    (link,) = rows(EveningLink)
    assert (answer.status_code, answer.location) == (303, f"/soiree/{links.token(Purpose.EVENING, link.public_id)}")
    assert open_evening(browser, one).location == answer.location
    assert browser.get(answer.location, follow_redirects=True).status_code == 200


def test_a_session_that_is_over_waits_first_on_her_desk_while_its_page_is_open(browser, one, marc, clock):
    sign_in(browser, marc)
    shown = []
    for moment in (EVE - timedelta(days=2), one.ends_at, OVER):
        clock.move_to(moment)
        sign_in(browser, marc)
        text = text_of(browser, "/animation/")
        shown.append([name for name in ("À relever", "À venir", "À clore", "Passées") if name in text])

    assert shown == [["À venir"], ["À relever", "À clore"], ["À venir", "À clore", "Passées"]]


def test_reading_her_pages_makes_no_link(browser, one, marc, clock):
    clock.move_to(EVE)
    sign_in(browser, marc)

    assert [browser.get(page).status_code for page in ("/animation/", desk_of(one))] == [200, 200]
    assert browser.get(f"{desk_of(one)}/presences").status_code == 405
    assert rows(EveningLink) == []


def test_once_the_link_is_over_she_hands_the_sheet_over(browser, one, marc, clock):
    clock.move_to(OVER)
    sign_in(browser, marc)

    assert "La page de la soirée servait jusqu'au jeudi 19 novembre." in text_of(browser, desk_of(one))
    assert "Cette page ne sert plus." in after(browser, open_evening(browser, one))


def test_the_evening_of_somebody_else_stays_closed_to_her(browser, organisation, programme, one, marc, clock):
    other = make_group_session(programme)
    clock.move_to(EVE)
    sign_in(browser, marc)

    statuses = [
        send(browser, desk_of(one), holding="csrf_token", to=f"{desk_of(other)}{act}").status_code
        for act in ("/presences", "")
    ]

    assert (statuses, browser.get(f"{desk_of(other)}/seance.ics").status_code) == ([404, 404], 404)
    assert (rows(EveningLink), rows(EveningNote)) == ([], [])


def test_the_coordination_is_led_to_its_own_page(coordinator, one, marc, clock):
    clock.move_to(EVE)
    sign_in(coordinator, db.session.get_one(type(marc), _coordinator_id()))

    assert open_evening(coordinator, one).location == page_of(one, "presences")
    assert rows(EveningLink) == []


def test_the_state_of_a_closed_evening_is_told_in_figures_without_names(browser, organisation, one, marc, clock):
    came = make_registration(one, make_person(organisation))
    clock.move_to(one.ends_at)
    attendance.note(one.id, {came.person_id: AttendanceStatus.PRESENT}, actor_id=marc.id)
    sign_in(browser, marc)
    assert "1 présence relevée sur 1. La séance est finie" in text_of(browser, desk_of(one))

    services.close(one.id, actor_id=marc.id)

    assert "Séance close le lundi 16 novembre : 1 présence." in text_of(browser, desk_of(one))


def test_a_note_is_kept_and_read_by_the_coordination(browser, coordinator, one, marc, app):
    theirs = app.test_client()
    sign_in(theirs, marc)

    noted = send(theirs, desk_of(one), holding="note", note="La clé est chez la gardienne.\nIl manque deux chaises.")
    assert "Note enregistrée." in after(theirs, noted)

    assert "Ni patient ni collègue" in text_of(theirs, desk_of(one))
    read = text_of(coordinator, page_of(one))
    assert "Note de l'animation La clé est chez la gardienne. Il manque deux chaises. Marc Vidal, le lundi 2" in read


def test_a_note_that_is_too_long_is_given_back(browser, one, marc):
    sign_in(browser, marc)

    answer = send(browser, desk_of(one), holding="note", note="a" * 1001)

    assert (answer.status_code, rows(EveningNote)) == (422, [])
    assert "1 000 caractères au plus" in words(answer.get_data(as_text=True))


def test_a_note_can_no_longer_be_mended_three_days_after_the_end(browser, one, marc, clock):
    sign_in(browser, marc)
    services.write_note(one.id, "La salle était froide.", actor_id=marc.id)
    with transaction():
        one.status, one.closed_at = "held", datetime(2026, 10, 1, tzinfo=UTC)

    page = browser.get(desk_of(one)).get_data(as_text=True)
    assert "La salle était froide." in words(page)
    assert "textarea" not in page


def test_she_puts_her_session_into_any_agenda_under_the_uid_of_her_invitation(browser, organisation, marc, clock):
    circle = make_group_session(make_circles(organisation))
    with transaction():
        animation.attach(circle, marc)
        animation.invite_all(circle)
    sign_in(browser, marc)
    assert "Mettre dans mon agenda" in text_of(browser, desk_of(circle))

    answer = browser.get(f"{desk_of(circle)}/seance.ics")

    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    row = next(one for one in rows(SessionAnimator) if one.group_session_id == circle.id)
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "text/calendar",
        'attachment; filename="seance.ics"',
    )
    assert str(event["uid"]).startswith(f"{row.public_id}.")
    assert (str(event["summary"]), event.get("location")) == ("Réunion CPTS", None)
    assert "Le lien de la soirée arrive la veille" in str(event["description"])
    assert b"METHOD" not in answer.data


@pytest.mark.parametrize("over", ["past", "cancelled"])
def test_no_file_is_given_of_a_session_that_will_not_come(browser, one, marc, clock, over):
    if over == "past":
        clock.move_to(one.ends_at)
    else:
        with transaction():
            one.status = "cancelled"
    sign_in(browser, marc)

    assert browser.get(f"{desk_of(one)}/seance.ics").status_code == 404


def test_her_desk_asks_as_much_of_the_database_for_three_sessions_as_for_one(browser, programme, one, marc, clock):
    clock.move_to(EVE)
    sign_in(browser, marc)
    numbers = []
    for _ in range(3):
        numbers.append(queries_for(browser, "/animation/"))
        with transaction():
            animation.attach(make_group_session(programme), marc)

    assert numbers[0] == numbers[2]


def _coordinator_id() -> int:
    return next(row.person_id for row in rows(Role) if row.name == "coordinator")
