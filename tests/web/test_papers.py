"""The sheets of a session, from the pages that give them."""

from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from cpts_sessions.accounts import services
from cpts_sessions.accounts.models import RoleName
from cpts_sessions.core.transaction import transaction
from cpts_sessions.registrations import animation
from tests.browsing import sign_in
from tests.factories import make_circles, make_group_session, make_organisation, make_person, make_registration
from tests.web.coordination import after, page_of
from tests.web.counted_queries import queries_for

SHEETS = {"feuille.pdf": "feuille-2026-11-16.pdf", "feuille-sans-noms.pdf": "decompte-2026-11-16.pdf"}


@pytest.fixture
def one(organisation):
    """A session of a confidential programme, where Ana Fau is expected."""
    one = make_group_session(make_circles(organisation))
    make_registration(one, make_person(organisation, first_name="Ana", last_name="Fau"))
    return one


@pytest.fixture
def animator(browser, organisation, one):
    """The browser of whoever animates it."""
    person = make_person(organisation)
    with transaction():
        services.give(person, RoleName.ANIMATOR)
        animation.attach(one, person)
    sign_in(browser, person)
    return browser


def check(response, filename: str) -> None:
    """It is a PDF to keep, under a neutral name, that nobody stores on the way."""
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{filename}"'
    assert response.headers["Cache-Control"] == "no-store"
    text = PdfReader(BytesIO(response.get_data())).pages[0].extract_text()
    assert ("Fau" in text) is filename.startswith("feuille")


@pytest.mark.parametrize("name", SHEETS)
def test_the_coordination_prints_the_sheets_of_a_session(coordinator, one, name):
    assert f'href="{page_of(one, name)}"' in coordinator.get(page_of(one)).get_data(as_text=True)

    check(coordinator.get(page_of(one, name)), SHEETS[name])


@pytest.mark.parametrize("name", SHEETS)
def test_an_animator_prints_the_sheets_of_her_session(animator, one, name):
    page = f"/animation/seances/{one.public_id}"
    assert f'href="{page}/{name}"' in animator.get(page).get_data(as_text=True)

    check(animator.get(f"{page}/{name}"), SHEETS[name])


@pytest.mark.parametrize("name", SHEETS)
def test_an_animator_prints_no_sheet_of_another_session(animator, organisation, name):
    another = make_group_session(make_circles(organisation, slug="autres"))

    assert animator.get(f"/animation/seances/{another.public_id}/{name}").status_code == 404
    assert animator.get(f"/animation/seances/{uuid4()}/{name}").status_code == 404


@pytest.mark.parametrize("name", SHEETS)
def test_no_sheet_crosses_from_one_cpts_to_another(coordinator, name):
    elsewhere = make_organisation(public_url="http://autre.example.org")
    theirs = make_group_session(make_circles(elsewhere))

    assert coordinator.get(page_of(theirs, name)).status_code == 404
    assert coordinator.get(f"/animation/seances/{theirs.public_id}/{name}").status_code == 404


@pytest.mark.parametrize("name", SHEETS)
def test_a_cancelled_session_has_no_sheet_to_print(coordinator, organisation, name):
    one = make_group_session(make_circles(organisation), status="cancelled")

    assert name not in coordinator.get(page_of(one)).get_data(as_text=True)
    assert "Cette séance est annulée : elle n'a pas de feuille." in after(
        coordinator, coordinator.get(page_of(one, name))
    )


def test_a_sheet_asks_the_database_as_often_for_three_people_as_for_one(coordinator, organisation, one):
    first = queries_for(coordinator, page_of(one, "feuille.pdf"))
    for _ in range(2):
        make_registration(one, make_person(organisation), "walk_in")

    assert queries_for(coordinator, page_of(one, "feuille.pdf")) == first
