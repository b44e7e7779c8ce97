"""The coordination finds persons and sessions from one field."""

from datetime import UTC, datetime

import pytest

from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.programmes.models import SessionAnimator
from cpts_sessions.rights.erase import erase
from tests.factories import (
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.web.coordination import text_of
from tests.web.counted_queries import queries_for

PAGE = "/coordination/chercher"


def found(browser, typed):
    """What the page shows for what is typed."""
    return text_of(browser, f"{PAGE}?q={typed}")


def named(page, *names):
    return [name for name in names if name in page]


@pytest.fixture
def people(organisation):
    make_person(organisation, first_name="Fatima", last_name="Zidane", phone="06 12.34-56 78", is_member=True)
    make_person(organisation, first_name="Élodie", last_name="Bœglin", email="cabinet@example.org")
    make_person(organisation, first_name="Jean-Pierre", last_name="Le Moyne", profession_slug="medecin-generaliste")
    make_person(organisation, first_name="Łukasz", last_name="Bøe")
    elsewhere = make_organisation(public_url="http://ailleurs.example.org")
    make_person(elsewhere, first_name="Élodie", last_name="Bœglin-Ailleurs")


ALL = ("Zidane Fatima", "Bœglin Élodie", "Le Moyne Jean-Pierre", "Bœglin-Ailleurs", "Bøe Łukasz")


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("boeglin", ["Bœglin Élodie"]),
        ("ELODIE BŒG", ["Bœglin Élodie"]),
        ("jean pierre", ["Le Moyne Jean-Pierre"]),
        ("lemoyne jean-p", ["Le Moyne Jean-Pierre"]),
        ("oyn", ["Le Moyne Jean-Pierre"]),
        ("cabinet@exa", ["Bœglin Élodie"]),
        ("médecin", ["Le Moyne Jean-Pierre"]),
        ("fatima sage-femme", ["Zidane Fatima"]),
        ("0612 34", ["Zidane Fatima"]),
        ("%2B33612345678", ["Zidane Fatima"]),
        ("zidanne", ["Zidane Fatima"]),
        ("elodie boglin", ["Bœglin Élodie"]),
        ("sans e-mail", []),
        ("zidane elodie", []),
        ("boe", ["Bœglin Élodie", "Bøe Łukasz"]),
        ("BØE lukasz", ["Bøe Łukasz"]),
        ("lukazs", ["Bøe Łukasz"]),
        ("%25", []),
        ("\\", []),
        ("%00zidane", ["Zidane Fatima"]),
    ],
)
def test_persons_are_found_by_anything_known_of_them(coordinator, people, typed, who):
    assert named(found(coordinator, typed), *ALL) == who


def test_a_number_left_at_a_registration_finds_who_left_it(coordinator, organisation, programme):
    person = make_person(organisation, first_name="Nadia", last_name="Ferhat")
    registration = make_registration(make_group_session(programme), person)
    with transaction():
        registration.phone = "07 11 22 33 44"

    page = found(coordinator, "0711 22 33 44")

    assert "Ferhat Nadia" in page
    assert "Dernière date : 16 novembre 2026, à venir" in page


def test_somebody_erased_is_not_found_by_her_former_name(coordinator, people, organisation):
    person = make_person(organisation, first_name="Une", last_name="Disparue", email="partie@example.org")
    erase(person.id, by_herself=False)

    assert "Rien ne correspond à « disparue »" in found(coordinator, "disparue")
    assert "Rien ne correspond" in found(coordinator, "partie@example.org")


@pytest.fixture
def sessions(organisation, programme):
    circles = make_programme(organisation, name="Cercles de paroles", session_title="Cercle de paroles", slug="cercle")
    past = make_group_session(
        programme, starts_at=datetime(2026, 3, 12, 19, 0, tzinfo=UTC), status="held", place_name="Hôtel de ville"
    )
    make_group_session(programme, starts_at=datetime(2026, 11, 17, 19, 0, tzinfo=UTC), place_name="Chapelle")
    make_group_session(circles, starts_at=datetime(2027, 3, 9, 19, 0, tzinfo=UTC), place_name="Salle Élan")
    animator = make_person(organisation, first_name="Béatrice", last_name="Morel")
    with transaction():
        db.session.add(
            SessionAnimator(organisation_id=organisation.id, group_session_id=past.id, person_id=animator.id)
        )


PLACES = ("Hôtel de ville", "Chapelle", "Salle Élan")


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("hotel", ["Hôtel de ville"]),
        ("cercles", ["Salle Élan"]),
        ("cercles mars", ["Salle Élan"]),
        ("morel", ["Hôtel de ville"]),
        ("beatrice 2026", ["Hôtel de ville"]),
        ("12 mars", ["Hôtel de ville"]),
        ("la séance du 12 mars", ["Hôtel de ville"]),
        ("jeudi 12 mars 2026", ["Hôtel de ville"]),
        ("mars 2026", ["Hôtel de ville"]),
        ("mars", ["Hôtel de ville", "Salle Élan"]),
        ("mardi", ["Chapelle", "Salle Élan"]),
        ("12/03/2026", ["Hôtel de ville"]),
        ("12.3.26", ["Hôtel de ville"]),
        ("12/03", ["Hôtel de ville"]),
        ("2026-03-12", ["Hôtel de ville"]),
        ("2026-03", ["Hôtel de ville"]),
        ("03/2026", ["Hôtel de ville"]),
        ("chapele", ["Chapelle"]),
        ("12 mars 2027", []),
        ("45/45/2026", []),
        ("99999-03", []),
        ("0000-01-01", []),
    ],
)
def test_sessions_are_found_by_words_and_by_any_form_of_their_date(coordinator, sessions, typed, where):
    assert named(found(coordinator, typed), *PLACES) == where


@pytest.mark.parametrize(
    ("typed", "month"),
    [("13 mars", "mars"), ("jeudi 13 mars 2025", "mars 2025"), ("13/3/25", "mars 2025")],
)
def test_a_day_without_session_leads_to_its_month(coordinator, typed, month):
    page = coordinator.get(PAGE, query_string={"q": typed}).get_data(as_text=True)
    assert f'href="{PAGE}?q={month.replace(" ", "+")}">Chercher «' in page
    assert "Chercher «" not in coordinator.get(PAGE, query_string={"q": "disparue"}).get_data(as_text=True)


def test_what_comes_next_is_shown_before_what_is_past(coordinator, sessions):
    page = found(coordinator, "mars")

    assert page.index("Salle Élan") < page.index("Hôtel de ville")


def test_eight_of_each_are_shown_and_the_others_are_a_link_away(coordinator, organisation, programme):
    for number in range(10):
        make_person(organisation, first_name="Une", last_name=f"Trouvable {number}")
        make_group_session(programme, place_name="Chapelle")

    people, sessions = found(coordinator, "trouvable"), found(coordinator, "chapelle")

    assert people.count("Trouvable ") == 8
    assert "Voir les 2 autres personnes" in people
    assert sessions.count("Chapelle") == 8
    assert "Voir les 2 autres séances" in sessions
    assert text_of(coordinator, "/coordination/personnes?q=trouvable").count("Trouvable ") == 10
    assert text_of(coordinator, "/coordination/seances?q=chapelle").count("Chapelle") >= 10


def test_nothing_is_written_of_a_search(coordinator, people):
    before = db.session.query(AuditEntry).count()

    found(coordinator, "zidane")

    assert db.session.query(AuditEntry).count() == before


def test_every_page_of_the_coordination_has_the_field(coordinator):
    assert f'action="{PAGE}"' in coordinator.get("/coordination/").get_data(as_text=True)
    assert "Rien de ce que vous cherchez n'est noté" in found(coordinator, "")


def test_a_search_asks_as_much_of_the_database_whatever_it_finds(coordinator, organisation, programme):
    def add():
        person = make_person(organisation, first_name="Une", last_name="Trouvée")
        make_registration(make_group_session(programme, place_name="Trouvée"), person)

    add()
    few = queries_for(coordinator, f"{PAGE}?q=trouvee")
    for _ in range(3):
        add()

    assert queries_for(coordinator, f"{PAGE}?q=trouvee") == few
