"""What the coordination reads first: the desk, the list of sessions, the programmes."""

from datetime import timedelta

import pytest

from cpts_sessions.core.transaction import transaction
from cpts_sessions.extensions import db
from cpts_sessions.people.models import Person
from cpts_sessions.programmes.models import Programme
from tests.conftest import NOW
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_enrolment,
    make_group_session,
    make_organisation,
    make_person,
    make_programme,
    make_registration,
)
from tests.web.coordination import LIST, after, page_of, rows_of, text_of
from tests.web.counted_queries import queries_for
from tests.web.forms_read import send


def test_a_programme_starts_from_a_model_and_is_edited(coordinator, organisation):
    path = "/coordination/dispositifs/nouveau?modele=cercle-de-paroles"
    created = send(coordinator, path, holding="nom", places="9")
    assert "Dispositif créé." in after(coordinator, created)
    programme = db.session.query(Programme).one()
    listed = coordinator.get("/coordination/dispositifs").get_data(as_text=True)
    assert f'href="/coordination/seances/serie?dispositif={programme.public_id}"' in listed
    assert (programme.slug, programme.is_confidential, programme.audience, programme.capacity) == (
        "cercle-de-paroles",
        True,
        "members",
        9,
    )
    page = f"/coordination/dispositifs/{programme.public_id}"

    assert "Rien à enregistrer" in after(coordinator, send(coordinator, page, holding="nom"))
    assert "Enregistré." in after(coordinator, send(coordinator, page, holding="nom", minimum="5"))
    db.session.refresh(programme)
    assert (programme.minimum, len(programme.charter.splitlines())) == (5, 10)


def test_a_new_title_says_that_invitations_keep_the_former_one_while_dates_are_announced(coordinator, programme):
    page, kept = f"/coordination/dispositifs/{programme.public_id}", "Les invitations déjà envoyées gardent"
    assert kept not in after(coordinator, send(coordinator, page, holding="nom", titre="Analyse de pratique"))
    make_group_session(programme)
    assert kept not in after(coordinator, send(coordinator, page, holding="nom", minimum="5"))

    told = after(coordinator, send(coordinator, page, holding="nom", titre="GAPP du soir"))

    assert f"{kept} « Analyse de pratique » jusqu'à leur prochaine mise à jour" in told


def test_a_programme_is_put_away_and_taken_up_again(coordinator, programme):
    page = f"/coordination/dispositifs/{programme.public_id}"

    away = send(coordinator, "/coordination/dispositifs", holding="csrf_token", to=f"{page}/ranger")
    assert "Dispositif rangé." in after(coordinator, away)
    again = send(coordinator, "/coordination/dispositifs", holding="csrf_token", to=f"{page}/reprendre")

    assert "Dispositif repris." in after(coordinator, again)


def test_the_list_is_filtered_by_its_address_alone(coordinator, organisation, programme):
    circles = make_circles(organisation)
    make_group_session(programme, place_name="Ici")
    make_group_session(programme, place_name="Brouillonnerie", status="draft")
    make_group_session(circles, place_name="Chapelle")
    make_group_session(programme, place_name="Autrefois", starts_at=STARTS_AT - timedelta(days=365), status="held")

    def places(query: str) -> list[str]:
        shown = rows_of(coordinator, f"{LIST}?{query}")
        return [name for name in ("Ici", "Brouillonnerie", "Chapelle", "Autrefois") if name in shown]

    assert places("") == ["Ici", "Brouillonnerie", "Chapelle"]
    assert places("annee=2025") == ["Autrefois"]
    assert places("etat=brouillons") == ["Brouillonnerie"]
    assert places(f"dispositif={circles.public_id}") == ["Chapelle"]
    assert places("etat=annulees") == []
    assert places("annee=1999&etat=rien&dispositif=x") == ["Ici", "Brouillonnerie", "Chapelle"]


def test_what_is_to_come_is_shown_whatever_the_year(coordinator, programme):
    make_group_session(programme, place_name="Ici")
    make_group_session(programme, place_name="Lointain", starts_at=STARTS_AT + timedelta(days=365))

    shown = text_of(coordinator, f"{LIST}?annee=2026&etat=a-venir")
    assert "Séances à venir" in shown
    assert "À venir, toutes années (2)" in shown
    assert ("Ici" in shown, "Lointain" in shown, " 2027, 20 h" in shown) == (True, True, True)
    assert "Lointain" not in rows_of(coordinator, f"{LIST}?annee=2026")


def test_the_words_of_the_list_are_computed(coordinator, organisation, programme):
    full = make_group_session(programme, capacity=1)
    make_registration(full, make_person(organisation))
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=20))
    make_group_session(programme, closes_at=STARTS_AT - timedelta(days=20))

    shown = text_of(coordinator, LIST)

    assert [word for word in ("Complète", "À clore", "Inscriptions closes") if word not in shown] == []


def test_the_desk_has_a_good_day_or_says_what_waits(coordinator, organisation, programme):
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=60), status="held")
    assert "Rien n'attend votre décision. Bonne journée." in text_of(coordinator, "/coordination/")
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=12), minimum=2)
    make_group_session(programme, starts_at=STARTS_AT - timedelta(days=20))
    asked = make_group_session(make_circles(organisation))
    make_registration(asked, make_person(organisation), "requested")

    shown = text_of(coordinator, "/coordination/")

    assert "3 décisions vous attendent" in shown
    assert "0 place prise pour un minimum de 2. Maintenir ou annuler ?" in shown
    assert "À clore" in shown
    assert "1 demande attend votre accord" in shown


@pytest.mark.parametrize("path", ["/coordination/", LIST, "/coordination/dispositifs", "/coordination/demandes"])
def test_a_list_asks_as_much_of_the_database_for_three_rows_as_for_one(coordinator, organisation, programme, path):
    programmes = [programme, make_circles(organisation)]

    def add(number: int) -> None:
        for _ in range(number):
            for one in programmes:
                session = make_group_session(one)
                make_group_session(one, starts_at=STARTS_AT - timedelta(days=13), minimum=5)
                make_registration(session, make_person(organisation), "requested")
                make_registration(session, make_person(organisation))
                make_group_session(one, starts_at=STARTS_AT - timedelta(days=30), minimum=5)
                make_group_session(one, starts_at=STARTS_AT - timedelta(days=395), status="held")
                make_group_session(one, starts_at=STARTS_AT - timedelta(days=8), status="draft")
                make_enrolment(one, make_person(organisation), is_pending=True)
                make_person(organisation, last_name="Roth")
                make_registration(session, make_person(organisation, bounced_at=NOW), "waiting")

    add(1)
    few = queries_for(coordinator, path)
    add(2)

    assert queries_for(coordinator, path) == few


def test_the_page_of_a_session_asks_as_much_for_three_persons_as_for_one(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=9)
    statuses = ("confirmed", "waiting", "requested", "cancelled")

    def add(number: int) -> None:
        for _ in range(number):
            for status in statuses:
                make_registration(one, make_person(organisation), status)

    add(1)
    few = queries_for(coordinator, page_of(one))
    add(2)

    assert queries_for(coordinator, page_of(one)) == few


def test_the_rows_of_another_cpts_are_not_found(coordinator, app):
    elsewhere = make_programme(make_organisation(public_url="http://autre.example.org"))
    one = make_group_session(elsewhere)

    answers = {
        coordinator.get(path).status_code
        for path in (
            page_of(one),
            page_of(one, "modifier"),
            page_of(one, "annuler"),
            page_of(one, "inscrire"),
            f"/coordination/dispositifs/{elsewhere.public_id}",
        )
    }

    assert answers == {404}


def test_the_snapshot_of_a_registration_is_shown_beside_her_record(coordinator, organisation, programme):
    one = make_group_session(programme)
    person: Person = make_person(organisation, first_name="Élodie", last_name="Roth")
    registration = make_registration(one, person)
    with transaction():
        registration.last_name, registration.profession_slug = "Roth-Meyer", "medecin-generaliste"

    shown = text_of(coordinator, page_of(one))

    assert "Nom donné au moment de l'inscription : Élodie Roth-Meyer." in shown
    assert "médecin généraliste" in shown
    assert "Sa fiche dit : sage-femme." in shown


def test_a_season_without_date_is_answered_on_the_page_of_requests(coordinator, organisation):
    circles = make_circles(organisation)
    accepted, refused = (make_enrolment(circles, make_person(organisation), is_pending=True) for _ in range(2))
    page = "/coordination/demandes"

    yes = send(coordinator, page, holding="csrf_token", to=f"{page}/saison/{accepted.public_id}/accepter")
    assert "Demande acceptée, la personne est prévenue." in after(coordinator, yes)
    no = send(coordinator, f"{page}/saison/{refused.public_id}/refuser", holding="motif", motif="complet")
    assert "Demande refusée, la personne est prévenue." in after(coordinator, no)
    assert "Aucune demande n'attend votre accord." in text_of(coordinator, page)
    assert "a accepté la demande de toute une saison : Claire" in text_of(coordinator, "/coordination/journal")
    away = make_organisation(public_url="http://autre.example.org")
    other = make_enrolment(make_circles(away), make_person(away), is_pending=True)
    assert coordinator.get(f"{page}/saison/{other.public_id}/refuser").status_code == 404
