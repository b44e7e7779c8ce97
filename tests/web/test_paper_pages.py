"""The pages where the coordination types a sheet that came back."""

from datetime import timedelta

import pytest

from cpts_sessions.attendance.models import Attendance, AttendanceTally
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import GroupSession
from tests.conftest import NOW
from tests.factories import make_group_session, make_person, make_registration
from tests.page import words
from tests.web.coordination import after, page_of, stored, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send

SHEET, NUMBERS = "presences/papier", "presences/sans-noms"


@pytest.fixture
def one(programme) -> GroupSession:
    """A session of last evening, two places."""
    return make_group_session(programme, starts_at=NOW - timedelta(hours=14))


def choice(registration) -> str:
    return f"presence_{registration.public_id.hex}"


def noted() -> dict[str, tuple[str, str]]:
    """What is noted, by first name."""
    names = {person.id: person.first_name for person in stored(Person)}
    return {names[row.person_id]: (row.status, row.means) for row in stored(Attendance)}


def test_a_sheet_is_reached_from_the_presences_and_ticked_without_javascript(coordinator, organisation, one):
    ana = make_registration(one, make_person(organisation, first_name="Ana"))
    make_registration(one, make_person(organisation, first_name="Béa"))
    page = page_of(one, SHEET)
    assert f'href="{page}"' in coordinator.get(page_of(one, "presences")).get_data(as_text=True)

    saved = send(coordinator, page, holding="csrf_token", **{choice(ana): "present", "suite": "absents"})

    assert saved.location == page_of(one, "clore")
    assert "Présences : 1. Absences excusées : 0. Absences : 1." in after(coordinator, saved)
    assert noted() == {"Ana": ("present", "paper"), "Béa": ("absent", "coordination")}


def test_somebody_who_came_anyway_is_added_with_what_was_ticked(coordinator, organisation, one):
    ana = make_registration(one, make_person(organisation, first_name="Ana"))
    line = {"nom": "Le Goff", "prenom": "Yann", "profession": "sage-femme", "suite": "ajouter"}

    saved = send(coordinator, page_of(one, SHEET), holding="csrf_token", **{choice(ana): "present"}, **line)

    assert saved.location == page_of(one, SHEET)
    page = after(coordinator, saved)
    assert "Ajout fait : la présence de Yann Le Goff est notée." in page
    assert "sage-femme · sans inscription" in page
    assert noted() == {"Ana": ("present", "paper"), "Yann": ("present", "paper")}


def test_a_line_that_is_half_written_is_asked_for_and_what_was_ticked_is_kept(coordinator, organisation, one):
    ana = make_registration(one, make_person(organisation, first_name="Ana"))

    page = send(coordinator, page_of(one, SHEET), holding="csrf_token", **{choice(ana): "present", "nom": "Le Goff"})

    assert page.status_code == 422
    html = page.get_data(as_text=True)
    assert "2 champs sont à corriger. Le reste est gardé." in words(html)
    assert 'value="Le Goff"' in html
    assert 'checked id="' + choice(ana) in html
    assert noted() == {}


def test_the_numbers_of_a_sheet_without_names_are_typed_and_come_back(coordinator, one):
    page = page_of(one, NUMBERS)
    assert f'href="{page}"' in coordinator.get(page_of(one, "presences")).get_data(as_text=True)

    saved = send(coordinator, page, holding="csrf_token", nombre_0="3")

    assert "Enregistré." in after(coordinator, saved)
    assert [(row.profession_slug, row.count) for row in stored(AttendanceTally)] == [("sage-femme", 3)]
    assert 'value="3"' in coordinator.get(page).get_data(as_text=True)
    assert send(coordinator, page, holding="csrf_token", nombre_0="-1").status_code == 422


@pytest.mark.parametrize("page", [SHEET, NUMBERS])
def test_a_session_to_come_has_no_sheet_to_type(coordinator, programme, page):
    one = make_group_session(programme)

    answer = coordinator.get(page_of(one, page))

    assert answer.location == page_of(one)
    assert "Les présences se notent quand la séance a commencé et n'est pas close." in text_of(
        coordinator, page_of(one)
    )


def test_the_page_of_a_sheet_asks_the_database_as_often_for_three_people_as_for_one(coordinator, organisation, one):
    make_registration(one, make_person(organisation))
    first = queries_for(coordinator, page_of(one, SHEET))
    for _ in range(2):
        make_registration(one, make_person(organisation), "walk_in")

    assert queries_for(coordinator, page_of(one, SHEET)) == first
