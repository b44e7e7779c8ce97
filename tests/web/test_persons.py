"""The coordination keeps its directory: whom it knows, what each asked for, corrected, taken away, erased."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from cpts_sessions.attendance.models import Attendance
from cpts_sessions.core.audit import AuditEntry
from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.mail.models import OutboxMessage
from cpts_sessions.people.models import Person
from cpts_sessions.registrations.models import Registration
from tests.browsing import submit
from tests.conftest import NOW
from tests.factories import (
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.page import words
from tests.web.coordination import after, stored, text_of
from tests.web.counted_queries import queries_for

PAGE = "/coordination/personnes"
RECORD = {
    "prenom": "Béatrice",
    "nom": "Le Moyne",
    "email": "beatrice@example.org",
    "profession": "sage-femme",
}


def record(person, act=""):
    return f"{PAGE}/{person.public_id}{act}"


def named(page, *names):
    """Which of these names a page shows, in its order."""
    return sorted((name for name in names if name in page), key=page.index)


@pytest.fixture
def people(organisation):
    make_person(organisation, first_name="Fatima", last_name="Zidane", is_member=True)
    make_person(organisation, first_name="Élodie", last_name="Bœglin", email="cabinet@example.org")
    make_person(organisation, first_name="Éric", last_name="Évrard", email=None, profession_slug="medecin-generaliste")
    make_person(make_organisation(public_url="http://ailleurs.example.org"), first_name="Une", last_name="Étrangère")


ALL = ("Bœglin Élodie", "Évrard Éric", "Lambert Sophie", "Zidane Fatima", "Étrangère Une")


def test_the_directory_is_in_french_order_and_shows_nobody_of_another_cpts(coordinator, people):
    assert named(text_of(coordinator, PAGE), *ALL) == list(ALL[:4])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"q": "boeglin"}, ["Bœglin Élodie"]),
        ({"q": "ELODIE"}, ["Bœglin Élodie"]),
        ({"q": "eric evr"}, ["Évrard Éric"]),
        ({"q": "cabinet@"}, ["Bœglin Élodie"]),
        ({"q": "example.org zid"}, ["Zidane Fatima"]),
        ({"parmi": "membres"}, ["Zidane Fatima"]),
        ({"parmi": "sans-email"}, ["Évrard Éric"]),
        ({"profession": "medecin-generaliste"}, ["Évrard Éric"]),
        ({"q": "é", "parmi": "non-membres", "profession": "sage-femme"}, ["Bœglin Élodie", "Lambert Sophie"]),
        ({"q": "introuvable"}, []),
    ],
)
def test_a_search_forgives_accents_and_case_and_its_address_says_it_all(coordinator, people, typed, found):
    assert named(text_of(coordinator, f"{PAGE}?{urlencode(typed)}"), *ALL) == found


@pytest.mark.parametrize("nonsense", ["parmi=x", "profession=%00", "saison=1", "dispositif=x", "presence=x", "page=x"])
def test_a_filter_that_means_nothing_is_left_out(coordinator, people, nonsense):
    assert named(text_of(coordinator, f"{PAGE}?{nonsense}"), *ALL) == list(ALL[:4])


def test_each_filter_is_shown_with_the_link_that_takes_it_off(coordinator, people):
    page = coordinator.get(f"{PAGE}?q=bœglin&profession=sage-femme").get_data(as_text=True)

    assert f'href="{PAGE}?profession=sage-femme"' in page
    assert f'href="{PAGE}?q=b%C5%93glin"' in page
    assert f'<a class="all" href="{PAGE}">' in page


def test_the_directory_tells_who_takes_part_and_who_has_not_come_for_a_while(coordinator, organisation, programme):
    circles = make_programme(organisation, slug="cercles", name="Cercles")
    rows = [("Venue", 10, programme), ("Ancienne", 400, programme), ("Cercle", 10, circles), ("Jamais", None, None)]
    for name, days, of in rows:
        person = make_person(organisation, first_name="Une", last_name=name)
        if days is None:
            continue
        one = make_group_session(of, starts_at=NOW - timedelta(days=days), status="held")
        make_registration(one, person)
        with transaction():
            present = {"person_id": person.id, "group_session_id": one.id, "status": "present", "means": "animator"}
            db.session.add(Attendance(organisation_id=organisation.id, **present))

    def shown(asked: str) -> list[str]:
        table = coordinator.get(f"{PAGE}?{asked}").get_data(as_text=True).partition("<tbody>")[2]
        return named(table, "Venue", "Ancienne", "Cercle", "Jamais", "Lambert")

    assert shown(f"dispositif={programme.public_id}") == ["Ancienne", "Venue"]
    assert shown(f"dispositif={programme.public_id}&saison=2026") == ["Venue"]
    assert shown("saison=2025") == ["Ancienne"]
    assert shown("presence=0") == ["Jamais", "Lambert"]
    assert shown("presence=6") == ["Ancienne"]
    assert shown("presence=24") == []


def test_the_directory_asks_the_same_number_of_queries_whoever_is_in_it(coordinator, organisation):
    make_person(organisation)
    one = queries_for(coordinator, PAGE)
    make_person(organisation)
    make_person(organisation)

    assert queries_for(coordinator, PAGE) == one


def test_the_directory_shows_fifty_persons_a_page(coordinator, organisation):
    for number in range(50):
        make_person(organisation, first_name="Une", last_name=f"Personne {number:02}")

    first, second = text_of(coordinator, PAGE), text_of(coordinator, f"{PAGE}?page=2")
    assert (first.count("Personne "), second.count("Personne 49 Une")) == (49, 1)


def test_a_record_shows_each_season_with_presences_and_roles(coordinator, organisation, programme, clock):
    person = make_person(organisation, first_name="Nadia", last_name="Ferhat", is_member=True)
    one = make_group_session(programme)
    make_registration(one, person)
    make_enrolment(programme, person)
    with transaction():
        db.session.add(
            Attendance(
                organisation_id=organisation.id,
                group_session_id=one.id,
                person_id=person.id,
                status="present",
                means="animator",
            )
        )

    page = text_of(coordinator, record(person))
    assert named(page, "Nadia Ferhat", "Membre", "2026", "GAPP : suit toutes les séances") == [
        "Nadia Ferhat",
        "Membre",
        "2026",
        "GAPP : suit toutes les séances",
    ]
    assert "lundi 16 novembre GAPP Place réservée Présence" in page


def test_a_record_asks_the_same_number_of_queries_whatever_it_holds(coordinator, organisation, programme):
    person = make_person(organisation)
    make_registration(make_group_session(programme), person)
    one = queries_for(coordinator, record(person))
    make_registration(make_group_session(programme), person)
    make_registration(make_group_session(programme), person)

    assert queries_for(coordinator, record(person)) == one


def test_somebody_new_enters_without_a_message_and_once(coordinator, organisation):
    told = after(coordinator, submit(coordinator, f"{PAGE}/nouvelle", **RECORD, membre="y", rpps="10100000004"))
    again = submit(coordinator, f"{PAGE}/nouvelle", **RECORD)

    assert "Béatrice Le Moyne" in told
    assert "Enregistré." in told
    assert again.status_code == 422
    assert "Cette personne est déjà dans le répertoire." in words(again.get_data(as_text=True))
    assert stored(Person).filter_by(last_name="Le Moyne", is_member=True).count() == 1
    assert stored(OutboxMessage).filter_by(to_address="beatrice@example.org").count() == 0


def test_an_rpps_number_has_eleven_digits_and_a_wrong_key_only_warns(coordinator, organisation):
    short = submit(coordinator, f"{PAGE}/nouvelle", **RECORD, rpps="1010")
    wrong = after(coordinator, submit(coordinator, f"{PAGE}/nouvelle", **RECORD, rpps="10100000000"))

    assert short.status_code == 422
    assert "Un numéro RPPS compte 11 chiffres : vous en avez saisi 4." in words(short.get_data(as_text=True))
    assert "La clé du numéro RPPS ne tombe pas juste. Gardé tel quel, à vérifier." in wrong
    assert [one.rpps for one in stored(Person).filter_by(last_name="Le Moyne")] == ["10100000000"]


def test_a_corrected_address_lets_what_failed_leave_again(coordinator, organisation):
    person = make_person(organisation, email="faux@example.org", last_name="Roy", first_name="Zoé")
    with transaction():
        db.session.add(
            OutboxMessage(
                organisation_id=organisation.id,
                person_id=person.id,
                kind="desinscription",
                to_address="faux@example.org",
                to_name="Zoé Roy",
                status="failed",
            )
        )

    page = after(
        coordinator,
        submit(coordinator, record(person, "/corriger"), **{**RECORD, "prenom": "Zoé", "nom": "Roy"}),
    )

    assert "Fiche corrigée. 1 message non remis repart." in page
    message = stored(OutboxMessage).filter_by(kind="desinscription").one()
    assert (message.status, message.to_address) == ("queued", "beatrice@example.org")
    entry = stored(AuditEntry).filter_by(kind="fiche_corrigee").one()
    assert entry.values == {"champs": "adresse"}


def test_saving_a_record_as_it_is_changes_nothing_and_is_not_in_the_journal(coordinator, organisation):
    person = make_person(organisation, first_name="Zoé", last_name="Roy", email="zoe@example.org", civility="Mme")
    same = {"prenom": "Zoé", "nom": "Roy", "email": "zoe@example.org", "profession": "sage-femme", "civilite": "Mme"}

    page = after(coordinator, submit(coordinator, record(person, "/corriger"), **same))

    assert "Rien à enregistrer : tout était déjà ainsi." in page
    assert stored(AuditEntry).filter_by(kind="fiche_corrigee").count() == 0


def test_the_name_and_address_of_somebody_else_are_refused(coordinator, organisation):
    make_person(organisation, first_name="Béatrice", last_name="Le Moyne", email="beatrice@example.org")
    other = make_person(organisation)

    response = submit(coordinator, record(other, "/corriger"), **RECORD)

    assert response.status_code == 422
    assert "Une autre fiche porte déjà ce nom et cette adresse." in words(response.get_data(as_text=True))


def test_a_member_is_noted_in_one_click_and_the_journal_keeps_it(coordinator, organisation):
    person = make_person(organisation)

    assert "Enregistré." in after(
        coordinator, submit(coordinator, record(person, "/membre"), page=record(person), membre="oui")
    )
    assert "tout était déjà ainsi" in after(
        coordinator, submit(coordinator, record(person, "/membre"), page=record(person), membre="oui")
    )
    assert [one.values for one in stored(AuditEntry).filter_by(kind="fiche_corrigee")] == [{"champs": "membre"}]


def test_data_are_taken_away_in_a_file_that_names_nobody(coordinator, organisation):
    person = make_person(organisation, first_name="Nadia", last_name="Ferhat")

    answer = coordinator.get(record(person, "/donnees.json"))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="donnees-personnelles.json"'
    assert json.loads(answer.get_data(as_text=True))["fiche"]["nom"] == "Ferhat"


def test_erasing_asks_first_then_leaves_no_record(coordinator, organisation, programme, clock):
    person = make_person(organisation, first_name="Nadia", last_name="Ferhat")
    make_registration(make_group_session(programme), person)

    asked = text_of(coordinator, record(person, "/effacer"))
    assert "Effacer Nadia Ferhat ?" in asked
    assert "les comptes par profession ne changent pas" in asked
    page = after(coordinator, submit(coordinator, record(person, "/effacer")))

    assert "Données effacées." in page
    assert "Ferhat" not in page
    assert coordinator.get(record(person)).status_code == 404
    assert stored(Registration).count() == 0


def test_nobody_erases_her_own_record_from_here(coordinator, organisation):
    own = stored(Person).filter_by(last_name="Lambert").one()

    assert "vous l'effacez depuis Ma page" in text_of(coordinator, record(own, "/effacer"))


def test_a_person_of_another_cpts_is_not_found(coordinator):
    stranger = make_person(make_organisation(public_url="http://ailleurs.example.org"))

    assert coordinator.get(record(stranger)).status_code == 404


def test_a_record_without_telephone_shows_the_last_one_she_gave(coordinator, organisation, programme):
    person = make_person(organisation)
    page = f"{PAGE}/{person.public_id}"
    assert "Téléphone Non dit" in text_of(coordinator, page)

    make_registration(make_group_session(programme), person, phone="07 00 00 00 07")

    assert "07 00 00 00 07, donné à sa dernière inscription" in text_of(coordinator, page)
