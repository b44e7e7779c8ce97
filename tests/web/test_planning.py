"""The coordination plans one session or a series, from the settings of its programme."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient

from cpts_sessions.core.clock import PARIS, local
from cpts_sessions.extensions import db
from cpts_sessions.registrations.models import Registration
from tests.factories import (
    STARTS_AT,
    make_circles,
    make_enrolment,
    make_group_session,
    make_person,
)
from tests.page import words
from tests.web.coordination import LIST, after, page_of, sessions, text_of, told
from tests.web.forms_read import fields_of, send, send_fields


def test_a_session_is_planned_as_a_draft_that_the_agenda_does_not_show(coordinator, programme):
    response = send(
        coordinator, f"{LIST}/nouvelle", holding="jour", jour="2026-12-08", debut="20:00", remarque="Parking au fond"
    )

    shown = after(coordinator, response)
    (one,) = sessions()
    assert "Séance créée. Elle est en préparation" in shown
    assert (one.status, local(one.starts_at), local(one.ends_at).hour, one.capacity, one.remark) == (
        "draft",
        datetime(2026, 12, 8, 20, tzinfo=PARIS),
        22,
        10,
        "Parking au fond",
    )
    assert coordinator.get(f"/seances/{one.public_id}").status_code == 404


def test_a_button_pressed_twice_plans_one_session_or_one_series(coordinator, programme, clock):
    one = {"jour": "2026-12-08", "debut": "20:00"}
    assert send(coordinator, f"{LIST}/nouvelle", holding="jour", **one).status_code == 303

    again = send(coordinator, f"{LIST}/nouvelle", holding="jour", **one, devenir="open")
    assert (again.status_code, len(sessions()), told()) == (422, 1, [])
    assert "Cette même séance vient d'être créée." in words(again.get_data(as_text=True))
    elsewhere = {**one, "lieu": "L’autre salle"}
    assert send(coordinator, f"{LIST}/nouvelle", holding="jour", **elsewhere).status_code == 303

    series = series_fields(coordinator, comment="liste", liste="08/12/2026, 15/12/2026")
    preview = send_fields(coordinator, f"{LIST}/serie", series).get_data(as_text=True)
    series = {**fields_of(preview, "dates"), "dates": ["2026-12-08", "2026-12-15"], "etape": "creer"}
    assert send_fields(coordinator, f"{LIST}/serie", series).status_code == 303  # one of its dates is new
    refused = send_fields(coordinator, f"{LIST}/serie", series)
    assert (refused.status_code, len(sessions())) == (422, 4)
    assert "Ces mêmes séances viennent d'être créées." in words(refused.get_data(as_text=True))
    clock.shift(timedelta(minutes=11))
    assert send_fields(coordinator, f"{LIST}/serie", series).status_code == 303


def test_the_form_opens_with_the_settings_of_the_programme_asked_for(coordinator, organisation, programme):
    circles = make_circles(organisation, capacity=8, minimum=3, place_name="Chapelle")

    page = coordinator.get(f"{LIST}/nouvelle?dispositif={circles.public_id}").get_data(as_text=True)

    fields = fields_of(page, "jour")
    assert [fields[name] for name in ("dispositif", "places", "minimum", "lieu")] == [
        [str(circles.public_id)],
        ["8"],
        ["3"],
        ["Chapelle"],
    ]


def test_opening_a_draft_puts_it_in_the_agenda_and_registers_those_who_follow_the_season(
    coordinator, organisation, programme
):
    follower = make_person(organisation)
    make_enrolment(programme, follower)
    one = make_group_session(programme, status="draft")

    response = send(coordinator, page_of(one), holding="csrf_token", to=page_of(one, "ouvrir"))

    assert "La séance est dans l'agenda." in after(coordinator, response)
    (registration,) = db.session.query(Registration).all()
    assert (registration.person_id, registration.status) == (follower.id, "confirmed")
    assert coordinator.get(f"/seances/{one.public_id}").status_code == 200


def test_a_past_date_is_refused_until_it_is_said_to_be_entered_after_the_fact(coordinator, programme):
    given = {"jour": "2026-10-06", "debut": "20:00"}

    refused = send(coordinator, f"{LIST}/nouvelle", holding="jour", **given)
    accepted = send(coordinator, f"{LIST}/nouvelle", holding="jour", devenir="held", **given)

    assert refused.status_code == 422
    assert "cochez « saisie après coup » : personne ne sera prévenu" in words(refused.get_data(as_text=True))
    assert "Enregistré." in after(coordinator, accepted)
    assert [one.status for one in sessions()] == ["held"]
    assert told() == []


def test_an_end_before_the_start_is_refused_and_what_was_typed_stays(coordinator, programme):
    response = send(
        coordinator, f"{LIST}/nouvelle", holding="jour", jour="2026-12-08", debut="20:00", fin="19:00", lieu="Ailleurs"
    )

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "La fin (19 h) précède le début (20 h)." in words(page)
    assert fields_of(page, "jour")["lieu"] == ["Ailleurs"]
    assert sessions() == []


def test_an_empty_form_says_each_field_to_correct(coordinator, programme):
    response = send(coordinator, f"{LIST}/nouvelle", holding="jour", places="", debut="")

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "3 champs sont à corriger. Le reste est gardé." in words(page)
    assert "<title>Erreur : Planifier une séance" in page.replace("\u00a0", " ")


def test_a_copy_opens_with_everything_but_the_day_and_creates_another_session(coordinator, organisation, programme):
    model = make_group_session(programme, capacity=7, remark="Parking")
    path = f"{LIST}/nouvelle?comme={model.public_id}"

    fields = fields_of(coordinator.get(path).get_data(as_text=True), "jour")
    response = send_fields(coordinator, path, {**fields, "jour": "2026-12-08"})

    assert (fields["jour"], fields["debut"], fields["places"]) == ([""], ["20:00"], ["7"])
    assert response.status_code == 303
    assert [(one.capacity, one.remark) for one in sessions()] == [(7, "Parking"), (7, "Parking")]


def test_a_draft_is_removed_after_a_question_and_an_announced_session_is_not(coordinator, programme):
    draft, announced = make_group_session(programme, status="draft"), make_group_session(programme)

    response = send(coordinator, page_of(draft, "supprimer"), holding="csrf_token")
    assert "Séance en préparation supprimée." in after(coordinator, response)
    assert "elle s'annule" in after(coordinator, coordinator.get(page_of(announced, "supprimer")))

    assert sessions() == [announced]


def series_fields(coordinator: FlaskClient, **changes) -> dict:
    page = coordinator.get(f"{LIST}/serie").get_data(as_text=True)
    return {**fields_of(page, "liste"), **changes}


def test_every_other_tuesday_is_shown_date_by_date_then_created_as_drafts(coordinator, programme):
    given = series_fields(coordinator, jour_semaine="1", semaines="2", premier="2026-11-02", dernier="2026-12-20")

    preview = send_fields(coordinator, f"{LIST}/serie", given)
    page = preview.get_data(as_text=True)
    assert (preview.status_code, sessions()) == (200, [])
    assert "4 séances seront créées, du 3 novembre 2026 au 15 décembre 2026" in words(page)
    fields = fields_of(page, "dates")
    assert fields["dates"] == ["2026-11-03", "2026-11-17", "2026-12-01", "2026-12-15"]
    before = send_fields(coordinator, f"{LIST}/serie", {**fields, "etape": "modifier"}).get_data(as_text=True)
    shown = fields_of(before, "liste")
    assert [shown[name] for name in ("jour_semaine", "premier", "dernier")] == [["1"], ["2026-11-02"], ["2026-12-20"]]

    created = send_fields(coordinator, f"{LIST}/serie", {**fields, "dates": fields["dates"][:3], "etape": "creer"})

    assert "3 séances créées." in after(coordinator, created)
    assert [(local(one.starts_at).strftime("%d/%m %H:%M"), one.status) for one in sessions()] == [
        ("03/11 20:00", "draft"),
        ("17/11 20:00", "draft"),
        ("01/12 20:00", "draft"),
    ]


def test_holidays_past_days_and_days_already_taken_are_flagged_and_not_ticked(coordinator, programme):
    make_group_session(programme)
    text = "11/11/2026\n16/11/2026\n17/11/2026\n06/10/2026"

    preview = send_fields(coordinator, f"{LIST}/serie", series_fields(coordinator, comment="liste", liste=text))
    page = preview.get_data(as_text=True)

    assert fields_of(page, "dates")["dates"] == ["2026-11-17"]
    assert "mercredi 11 novembre 2026 : Jour férié : le 11 novembre." in words(page)
    assert "lundi 16 novembre 2026 : Déjà ce jour-là : GAPP, de 20 h à 22 h." in words(page)
    assert "mardi 6 octobre 2026 : Cette date est passée." in words(page)


def test_a_series_opened_at_once_gives_its_dates_to_those_who_follow_the_season(coordinator, organisation, programme):
    follower = make_person(organisation)
    make_enrolment(programme, follower)
    given = series_fields(coordinator, comment="liste", liste="17/11/2026, 01/12/2026")
    fields = fields_of(send_fields(coordinator, f"{LIST}/serie", given).get_data(as_text=True), "dates")

    created = send_fields(coordinator, f"{LIST}/serie", {**fields, "devenir": "open", "etape": "creer"})

    assert created.status_code == 303
    assert [one.status for one in sessions()] == ["open", "open"]
    kinds = [kind for kind, address in told() if address == follower.email]
    assert kinds == ["dates_ajoutees", "inscription_confirmee", "inscription_confirmee"]


def test_a_series_without_any_date_kept_creates_nothing(coordinator, programme):
    given = series_fields(coordinator, comment="liste", liste="17/11/2026")
    fields = fields_of(send_fields(coordinator, f"{LIST}/serie", given).get_data(as_text=True), "dates")
    del fields["dates"]

    refused = send_fields(coordinator, f"{LIST}/serie", {**fields, "etape": "creer"})

    assert (refused.status_code, sessions()) == (422, [])
    assert "Gardez au moins une date." in words(refused.get_data(as_text=True))


def test_a_date_that_is_not_understood_is_quoted_beside_the_list(coordinator, programme):
    refused = send_fields(
        coordinator, f"{LIST}/serie", series_fields(coordinator, comment="liste", liste="17/11/2026\n32/11/2026")
    )

    assert refused.status_code == 422
    assert "Date non comprise : « 32/11/2026 »" in words(refused.get_data(as_text=True))


def test_opening_says_how_many_who_follow_the_season_were_registered(coordinator, organisation, programme):
    make_enrolment(programme, make_person(organisation))
    make_enrolment(programme, make_person(organisation, last_name="Sansmel", email=None))
    one = make_group_session(programme, status="draft")

    response = send(coordinator, page_of(one), holding="csrf_token", to=page_of(one, "ouvrir"))

    assert (
        "La séance est dans l'agenda. 2 personnes qui suivent le dispositif y sont inscrites et prévenues, "
        "sauf 1 sans e-mail, à appeler." in after(coordinator, response)
    )


def test_a_session_planned_open_says_whom_it_registered(coordinator, organisation, programme):
    make_enrolment(programme, make_person(organisation))

    response = send(coordinator, f"{LIST}/nouvelle", holding="jour", jour="2026-12-08", debut="20:00", devenir="open")

    assert "La séance est dans l'agenda. 1 personne qui suit le dispositif y est inscrite et prévenue." in after(
        coordinator, response
    )


def test_every_session_in_preparation_of_the_list_is_opened_after_a_look_at_them(coordinator, organisation, programme):
    make_enrolment(programme, make_person(organisation))
    for days in (0, 7):
        make_group_session(programme, status="draft", starts_at=STARTS_AT + timedelta(days=days))
    make_group_session(programme, status="draft", starts_at=STARTS_AT - timedelta(days=60))
    assert "Ouvrir toutes celles en préparation" in text_of(coordinator, f"{LIST}?etat=brouillons")
    assert "Ouvrir toutes celles en préparation" not in text_of(coordinator, LIST)
    question = text_of(coordinator, f"{LIST}/ouvrir?annee=2026")
    assert "Ouvrir ces 2 séances aux inscriptions ?" in question
    assert "1 séance n'est pas dans cette liste." in question

    response = send(coordinator, f"{LIST}/ouvrir?annee=2026", holding="seance", to=f"{LIST}/ouvrir")

    assert "2 séances sont dans l'agenda. 1 personne qui suit le dispositif y est inscrite et prévenue." in after(
        coordinator, response
    )
    assert [one.status for one in sessions()] == ["draft", "open", "open"]
    assert "Aucune séance à venir n'est en préparation." in text_of(coordinator, f"{LIST}/ouvrir?annee=2026")
