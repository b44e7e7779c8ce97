"""The coordination changes, moves and cancels sessions that people hold."""

from datetime import timedelta

import pytest

from cpts_sessions.extensions import db
from cpts_sessions.registrations.models import Registration
from tests.browsing import sign_in
from tests.factories import (
    STARTS_AT,
    make_coordinator,
    make_group_session,
    make_person,
    make_registration,
)
from tests.page import words
from tests.web.coordination import LIST, after, page_of, sessions, text_of, told
from tests.web.forms_read import fields_of, send, send_fields


def test_moving_is_first_shown_with_whom_it_tells_then_done(coordinator, organisation, programme):
    one = make_group_session(programme)
    reachable, silent = make_person(organisation), make_person(organisation, email=None, last_name="Klein")
    for person in (reachable, silent):
        make_registration(one, person)

    question = send(coordinator, page_of(one, "modifier"), holding="jour", jour="2026-11-19")
    page = question.get_data(as_text=True)
    assert question.status_code == 200
    assert "Déplacer la séance au jeudi 19 novembre à 20 h ?" in words(page)
    assert "2 personnes recevront la nouvelle date" in words(page)
    assert "Klein sans e-mail : à appeler" in words(page)
    assert (sessions()[0].starts_at, told()) == (STARTS_AT, [])

    fields = {**fields_of(page, "mot"), "etape": "confirmer", "mot": "Avec nos excuses."}
    answer = send_fields(coordinator, page_of(one, "modifier"), fields)

    assert "Séance déplacée. 1 message part." in after(coordinator, answer)
    assert sessions()[0].starts_at == STARTS_AT + timedelta(days=3)
    assert told() == [("seance_deplacee", reachable.email)]


def test_a_change_that_tells_nobody_is_saved_at_once(coordinator, programme):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "modifier"), holding="jour", jour="2026-11-19")

    assert "Séance déplacée. Personne n'était à prévenir." in after(coordinator, response)
    assert sessions()[0].moved_at is not None


def test_two_coordinators_at_once_the_second_sees_what_is_stored_and_keeps_her_version(coordinator, programme):
    one = make_group_session(programme)
    mine = fields_of(coordinator.get(page_of(one, "modifier")).get_data(as_text=True), "jour")
    theirs = {**mine, "places": "9"}
    assert send_fields(coordinator, page_of(one, "modifier"), theirs).status_code == 303

    late = send_fields(coordinator, page_of(one, "modifier"), {**mine, "remarque": "La mienne"})
    page = late.get_data(as_text=True)

    assert late.status_code == 422
    assert "Votre version est gardée ci-dessous : comparez, puis enregistrez." in words(page)
    assert "Ce qui est enregistré maintenant :" in words(page)
    assert "9 places" in words(page)
    assert fields_of(page, "jour")["remarque"] == ["La mienne"]
    assert sessions()[0].remark == ""
    again = send_fields(coordinator, page_of(one, "modifier"), fields_of(page, "jour"))
    assert again.status_code == 303
    assert sessions()[0].remark == "La mienne"


def test_more_places_are_offered_to_the_waiting_list(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=1)
    make_registration(one, make_person(organisation))
    waiting = make_registration(one, make_person(organisation), "waiting")

    response = send(coordinator, page_of(one), holding="places", to=page_of(one, "places"), places="2")

    assert "Capacité relevée : 1 place est proposée à la liste d'attente." in after(coordinator, response)
    db.session.refresh(waiting)
    assert waiting.status == "offered"


def test_fewer_places_than_are_taken_are_refused_beside_the_field(coordinator, organisation, programme):
    one = make_group_session(programme, capacity=3)
    for _ in range(2):
        make_registration(one, make_person(organisation))

    response = send(coordinator, page_of(one), holding="places", to=page_of(one, "places"), places="1")

    assert response.status_code == 422
    assert "Places prises ou gardées : 2. La capacité ne peut pas descendre à 1." in words(
        response.get_data(as_text=True)
    )
    assert sessions()[0].capacity == 3


def test_a_held_session_is_corrected_without_a_message(coordinator, organisation, programme):
    one = make_group_session(programme, status="held", starts_at=STARTS_AT - timedelta(days=30))
    make_registration(one, make_person(organisation))

    response = send(coordinator, page_of(one, "modifier"), holding="jour", debut="19:30", fin="21:30")

    assert "Enregistré." in after(coordinator, response)
    assert told() == []


def test_giving_a_session_to_somebody_new_makes_her_an_animator_and_tells_her(coordinator, programme):
    one = make_group_session(programme)

    response = send(
        coordinator,
        page_of(one, "animation"),
        holding="nom",
        prenom="Olivier",
        nom="Chastel",
        email="olivier@example.org",
        civilite="M.",
    )

    assert "Animation enregistrée." in after(coordinator, response)
    assert told() == [("animation_confiee", "olivier@example.org")]
    assert "Olivier Chastel" in text_of(coordinator, page_of(one, "animation"))


def test_a_holiday_and_an_animator_in_two_places_at_once_are_pointed_out_and_saved(
    coordinator, organisation, programme
):
    holiday = {"jour": "2026-11-11", "debut": "20:00"}
    assert "Le mercredi 11 novembre est férié. Enregistré quand même." in after(
        coordinator, send(coordinator, f"{LIST}/nouvelle", holding="jour", **holiday)
    )
    one, other = make_group_session(programme), make_group_session(programme, starts_at=STARTS_AT + timedelta(hours=1))
    given = {"prenom": "Olivier", "nom": "Chastel", "email": "olivier@example.org"}
    send(coordinator, page_of(one, "animation"), holding="nom", **given)

    response = send(coordinator, page_of(other, "animation"), holding="nom", **given)

    assert "Olivier Chastel : déjà une séance ce jour-là de 20 h à 22 h (GAPP)." in after(coordinator, response)


def test_half_a_name_for_the_animation_is_refused(coordinator, programme):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "animation"), holding="nom", prenom="Olivier")

    assert response.status_code == 422
    assert "Indiquez le prénom et le nom de cette personne." in words(response.get_data(as_text=True))


def test_cancelling_names_whom_it_tells_writes_to_each_with_the_reason_and_can_be_undone(
    coordinator, organisation, programme
):
    one = make_group_session(programme)
    seated = make_registration(one, make_person(organisation, last_name="Kieffer"))
    question = text_of(coordinator, page_of(one, "annuler"))
    assert "Annuler la séance du lundi 16 novembre ?" in question
    assert "1 personne recevra un message avec ce motif." in question
    assert "Claire Kieffer" in question

    response = send(coordinator, page_of(one, "annuler"), holding="motif", motif="lieu indisponible")

    assert "Séance annulée. 1 message part." in after(coordinator, response)
    assert (sessions()[0].status, sessions()[0].cancel_reason) == ("cancelled", "lieu indisponible")

    assert "Place réservée" not in text_of(coordinator, page_of(one))
    assert "Claire Kieffer Séance annulée" in text_of(coordinator, page_of(one))
    question = text_of(coordinator, page_of(one, "retablir"))
    assert "1 personne que l'annulation avait retirée revient, et reçoit un message." in question
    undone = send(coordinator, page_of(one, "retablir"), holding="mot", mot="La salle est trouvée.")
    assert "Séance rétablie. 1 message part." in after(coordinator, undone)
    db.session.refresh(seated)
    assert seated.status == "confirmed"
    assert [kind for kind, _ in told()] == ["seance_annulee", "seance_retablie"]


@pytest.mark.parametrize("given", [{}, {"motif": "autre"}, {"motif": "autre", "autre": "  "}])
def test_no_session_is_cancelled_without_a_reason(coordinator, programme, given):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "annuler"), holding="motif", **given)

    assert response.status_code == 422
    assert "Indiquez le motif : chacun le lira." in words(response.get_data(as_text=True))
    assert sessions()[0].status == "open"


def test_words_typed_for_another_reason_choose_it(coordinator, programme):
    one = make_group_session(programme)

    response = send(coordinator, page_of(one, "annuler"), holding="motif", autre="fuite d’eau")

    assert "Séance annulée." in after(coordinator, response)
    assert sessions()[0].cancel_reason == "fuite d’eau"


@pytest.mark.parametrize(("access", "warned"), [("Code 12A", True), ("Sonnez deux fois", False)])
def test_another_place_with_the_same_way_in_is_pointed_out(coordinator, organisation, programme, access, warned):
    one = make_group_session(programme, place_name="Chapelle", place_access="Code 12A")
    make_registration(one, make_person(organisation))

    question = send(coordinator, page_of(one, "modifier"), holding="lieu", lieu="Mairie", acces=access)

    assert ("L'accès n'a pas changé : relisez-le." in words(question.get_data(as_text=True))) is warned


def test_cancelling_on_the_day_leads_to_those_to_call_without_e_mail_first(coordinator, organisation, programme, clock):
    one = make_group_session(programme)
    late = make_person(organisation, first_name="Anne", last_name="Adam", phone="06 11 22 33 44")
    silent = make_person(organisation, first_name="Zoé", last_name="Zimmer", email=None)
    make_registration(one, late, phone="07 00 00 00 07")
    make_registration(one, silent, phone="06 55 66 77 88")
    clock.move_to(STARTS_AT - timedelta(hours=5))
    sign_in(coordinator, make_coordinator(organisation))

    response = send(coordinator, page_of(one, "annuler"), holding="motif", motif="autre", autre="fuite d’eau.")
    shown = after(coordinator, response)

    assert response.location == page_of(one, "appels")
    assert "Séance annulée, pour aujourd'hui : appelez les personnes de la liste." in shown
    assert "2 appels à faire" in shown
    assert shown.index("Zoé Zimmer") < shown.index("Anne Adam")
    assert f"07 00 00 00 07 ou 06 11 22 33 44 · {late.email}" in shown
    assert "06 55 66 77 88" in shown
    registration = db.session.query(Registration).filter_by(person_id=silent.id).one()
    done = send(
        coordinator,
        page_of(one, "appels"),
        holding="csrf_token",
        to=f"/coordination/inscriptions/{registration.public_id}/appel",
    )
    assert "1 appel à faire" in after(coordinator, done)
    assert "1 personne à appeler" in text_of(coordinator, "/coordination/")
